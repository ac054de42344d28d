# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""How the window looks: colours named by role, spacing, type, icons, and the style sheet made of them."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from string import Template

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QSizePolicy, QStyleFactory, QToolButton, QWidget

from assistant.paths import resources

SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6 = 4, 8, 12, 16, 24
RADIUS = 8
COLUMN = 760  # the widest a column of text gets, in pixels
LIST_WIDTH, SIDE_WIDTH = 260, 380
TYPE_SMALL, TYPE_BODY, TYPE_READING, TYPE_TITLE, TYPE_LARGE = 12, 13, 15, 18, 24
LINE_HEIGHT = 150  # per cent, for reading
TEXT_PERCENT_LOW, TEXT_PERCENT_HIGH = 70, 200
HANGUL_FACES = ("Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic")
GENERIC_FACES = ("Sans Serif", "DejaVu Sans", "Sans", "sans-serif", "")


@dataclass(frozen=True)
class Colours:
    """Every colour of the window, by what it is for. `#rrggbb` each."""

    surface: str  # behind the conversation
    side: str  # behind both side panels
    raised: str  # cards, fields, menus
    soft: str  # the user's words, chips, code
    hover: str
    text: str
    quiet: str  # second-rank text
    line: str
    accent: str
    on_accent: str
    accent_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    mask: str  # what is hidden from the model
    mask_soft: str


LIGHT = Colours(
    surface="#fdfcfa",
    side="#f5f3ef",
    raised="#ffffff",
    soft="#f1eeea",
    hover="#e9e5df",
    text="#211f1c",
    quiet="#69645c",
    line="#e0dbd3",
    accent="#1b6b58",
    on_accent="#ffffff",
    accent_soft="#dcece6",
    warning="#8a5800",
    warning_soft="#fbf0d9",
    danger="#b3261e",
    danger_soft="#fbe6e3",
    mask="#6a4a9c",
    mask_soft="#efe8f8",
)
DARK = Colours(
    surface="#1c1d1f",
    side="#161719",
    raised="#26282b",
    soft="#2a2c2f",
    hover="#33363a",
    text="#ebe8e3",
    quiet="#a5a199",
    line="#383b3f",
    accent="#72c6ad",
    on_accent="#0d211b",
    accent_soft="#21403a",
    warning="#e5b455",
    warning_soft="#3b3018",
    danger="#f39a92",
    danger_soft="#43221f",
    mask="#bfa9ee",
    mask_soft="#352b49",
)


def is_dark(app: QApplication | None = None) -> bool:
    """Say whether the dark colours are in use."""
    shown = app or QApplication.instance()
    return bool(shown and shown.property("maru_dark"))


def colours() -> Colours:
    """Return the colours in use."""
    return DARK if is_dark() else LIGHT


def text_percent() -> int:
    """Return the text size in use, in per cent."""
    app = QApplication.instance()
    return int((app.property("maru_text_percent") if app else 0) or 100)


def px(size: int) -> int:
    """Return a type size in pixels at the text size in use."""
    return max(1, round(size * text_percent() / 100))


def apply_theme(app: QApplication, mode: str = "system", percent: int = 100) -> None:
    """Dress the whole program: `mode` is "system", "light" or "dark"; `percent` is the text size.

    With "system" the window follows the system, also when it changes later.
    """
    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(mode)
    hints = app.styleHints()
    if wanted is None:
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(wanted)
    app.setProperty("maru_text_percent", min(max(percent, TEXT_PERCENT_LOW), TEXT_PERCENT_HIGH))
    app.setProperty("maru_dark", (wanted or hints.colorScheme()) == Qt.ColorScheme.Dark)
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(interface_font(TYPE_BODY))
    app.setPalette(_palette(colours()))
    app.setStyleSheet(_style_sheet())


def interface_font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the system's interface font at `size` pixels (before text scaling), Hangul behind it."""
    font = QFont(list(_faces()))
    font.setPixelSize(px(size))
    font.setWeight(weight)
    return font


def code_font(size: int = TYPE_BODY) -> QFont:
    """Return the system's monospace font at `size` pixels, Hangul behind it."""
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    font = QFont([fixed, "Noto Sans Mono CJK KR", *HANGUL_FACES])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(px(size))
    return font


@lru_cache(maxsize=1)
def _faces() -> tuple[str, ...]:
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    installed = set(QFontDatabase.families())
    behind = tuple(face for face in HANGUL_FACES if face in installed)
    # A generic name means that nobody chose a font: a face that holds both scripts reads better.
    if chosen.family() in GENERIC_FACES or QFontInfo(chosen).family() in GENERIC_FACES:
        return (*behind, chosen.family())
    return (chosen.family(), *behind)


def _palette(roles: Colours) -> QPalette:
    palette = QPalette()
    pairs = {
        QPalette.ColorRole.Window: roles.surface,
        QPalette.ColorRole.WindowText: roles.text,
        QPalette.ColorRole.Base: roles.raised,
        QPalette.ColorRole.AlternateBase: roles.side,
        QPalette.ColorRole.Text: roles.text,
        QPalette.ColorRole.Button: roles.raised,
        QPalette.ColorRole.ButtonText: roles.text,
        QPalette.ColorRole.BrightText: roles.danger,
        QPalette.ColorRole.Highlight: roles.accent,
        QPalette.ColorRole.HighlightedText: roles.on_accent,
        QPalette.ColorRole.Link: roles.accent,
        QPalette.ColorRole.LinkVisited: roles.accent,
        QPalette.ColorRole.ToolTipBase: roles.raised,
        QPalette.ColorRole.ToolTipText: roles.text,
        QPalette.ColorRole.PlaceholderText: roles.quiet,
        QPalette.ColorRole.Mid: roles.line,
        QPalette.ColorRole.Accent: roles.accent,
    }
    for role, colour in pairs.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(roles.quiet))
    return palette


def _style_sheet() -> str:
    template = Template((resources() / "styles" / "window.qss").read_text("utf-8"))
    sizes = {
        "small": px(TYPE_SMALL),
        "body": px(TYPE_BODY),
        "reading": px(TYPE_READING),
        "title": px(TYPE_TITLE),
        "large": px(TYPE_LARGE),
    }
    # Qt lets a fixed min-height outweigh what the words need: it has to grow with them.
    heights = {f"height_{size}": px(size) for size in (16, 18, 20)}
    return template.substitute(asdict(colours()), **{f"type_{k}": v for k, v in sizes.items()}, **heights)


def icon(name: str, colour: str = "", size: int = 20, opacity: float = 1.0) -> QIcon:
    """Return our own icon `name` (a file of resources/icons without .svg) drawn in `colour`.

    `colour` is `#rrggbb`, or "" for the text colour in use.
    """
    drawn = _pixmap(name, colour or colours().text, size, _ratio(), opacity)
    made = QIcon(drawn)
    made.addPixmap(drawn, QIcon.Mode.Disabled)  # Qt would grey it a second time
    return made


def _ratio() -> float:
    app = QApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QApplication) else 1.0


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, size: int, ratio: float, opacity: float) -> QPixmap:
    drawing = (resources() / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


class IconButton(QToolButton):
    """A flat button with one of our icons, a name for screen readers and a tooltip.

    It redraws its icon when the colours change. `role` names a field of Colours.
    """

    def __init__(
        self, icon_name: str, label: str, parent: QWidget | None = None, role: str = "quiet", side: int = 18
    ) -> None:
        super().__init__(parent)
        self._side = side  # of the icon, in pixels before text scaling
        self._icon_name = icon_name
        self._role = role
        self._drawn: tuple[str, str, int, float] | None = None
        self.set_label(label)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw_icon()

    def set_label(self, label: str) -> None:
        """Name the button for eyes (tooltip) and ears (accessible name)."""
        self.setAccessibleName(label)
        self.setToolTip(label)

    def set_icon(self, icon_name: str, role: str = "") -> None:
        """Show another icon, in another role where one is given."""
        self._icon_name = icon_name
        self._role = role or self._role
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Redraw the icon in the new colours."""
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.EnabledChange)
        if event.type() in kinds:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        role = self._role if self.isEnabled() else "quiet"
        opacity = 1.0 if self.isEnabled() else 0.45
        wanted = (self._icon_name, getattr(colours(), role), px(self._side), opacity)
        if wanted != self._drawn:  # Qt tells of many more changes than matter here
            self._drawn = wanted
            self.setIconSize(QSize(wanted[2], wanted[2]))
            self.setIcon(icon(*wanted))


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget one of the looks of the style sheet (`title`, `quiet`, `primary`, `card`, ...)."""
    if widget.property("look") == look:
        return
    widget.setProperty("look", look)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
