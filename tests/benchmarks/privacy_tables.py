# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of `make eval-privacy`: results/privacy.md, privacy.json and privacy_misses.md."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.entities import EntityType
from tests.benchmarks.privacy_generated import ALL, SEEN, UNSEEN, Sample
from tests.benchmarks.privacy_scores import Share, Wrong
from tests.benchmarks.privacy_sets import LabelledSet

if TYPE_CHECKING:
    from tests.benchmarks.eval_privacy import Figures

AROUND = 30  # letters shown on each side of what went wrong
CAP = 40  # listed of each type, set and side; the rest is counted
SECRETS = frozenset(
    {EntityType.TOKEN, EntityType.PRIVATE_KEY, EntityType.PASSWORD, EntityType.CONNECTION, EntityType.CRYPTO}
)


def totals(figures: Sequence["Figures"]) -> str:
    """Return one row for each set, half, language, group and side."""
    heads = (
        "set",
        "half",
        "language",
        "values",
        "by",
        "texts",
        "planted",
        "recall",
        "precision",
        "F1",
        "strict F1",
        "lenient F1",
        "ms/KB",
        "other types found",
    )
    rows = [
        (
            one.set,
            one.half,
            one.language,
            one.group,
            one.side,
            str(one.texts),
            str(_whole(one, "goal").planted),
            *_three(_whole(one, "goal")),
            _number(_whole(one, "strict").f1),
            _number(_whole(one, "lenient").f1),
            f"{one.ms_per_kb:.2f}",
            str(one.unlabelled),
        )
        for one in figures
    ]
    return _table(heads, rows)


def _whole(one: "Figures", rule: str) -> Share:
    return one.scores[rule].of(EntityType)


def by_type(figures: Sequence["Figures"], language: str) -> str:
    """Return the generated set by type: all and unseen templates, and Presidio beside them."""
    heads = ("type", "planted", "recall", "precision", "F1", "unseen: recall", "precision", "F1")
    sides = {(one.side, one.half, one.group): one for one in figures if one.language == language}
    rows = []
    for each in EntityType:
        cells = [
            _share(sides, side, half, each)
            for side, half in (("Maru", ALL), ("Maru", UNSEEN), ("Presidio", ALL))
        ]
        whole = cells[0]
        if whole and whole.planted:
            rows.append((each.value, str(whole.planted), *(text for one in cells for text in _three(one))))
    return _table((*heads, "Presidio: recall", "precision", "F1"), rows)


def _share(
    sides: Mapping[tuple[str, str, str], "Figures"], side: str, half: str, each: EntityType
) -> Share | None:
    for (who, part, _), one in sides.items():
        if (who, part) == (side, half) and each in one.scores["goal"].shares:
            return one.scores["goal"].shares[each]
    return None


def by_writing(figures: Sequence["Figures"]) -> str:
    """Return the recall of structured values by the way in which they are written."""
    rows = []
    ways = dict.fromkeys(way for one in figures for way in one.scores["goal"].written)
    for one in figures:
        if one.half == ALL and one.group == "structured":
            written = one.scores["goal"].written
            cells = [
                f"{_number(written[way].recall)} of {written[way].planted}" if way in written else "–"
                for way in ways
            ]
            rows.append((one.side, one.language, *cells))
    return _table(("by", "language", *ways), rows)


def listed(wrong: Sequence[Wrong], each: int = CAP) -> str:
    """Return misses and false hits by type, the first of each with what stands around it."""
    lines = []
    for entity_type in EntityType:
        for name, some in (
            ("missed", [one for one in wrong if one.gold and one.entity_type is entity_type]),
            ("wrongly found", [one for one in wrong if one.found and one.entity_type is entity_type]),
        ):
            if some:
                lines.append(f"\n**{entity_type}, {name}: {len(some)}**\n")
                lines += [f"- {_line(one)}" for one in some[:each]]
                lines += [f"- and {len(some) - each} more"] if len(some) > each else []
    return "\n".join(lines) + "\n"


def counted(wrong: Sequence[Wrong]) -> str:
    """Return how many of each type and kind went wrong, without their text."""
    counts: dict[tuple[str, ...], int] = {}
    for one in wrong:
        kind, written = (one.gold.kind, one.gold.written) if one.gold else ("", "")
        what = "missed" if one.gold else "wrongly found"
        key = (one.entity_type.value, what, one.sample.language, kind, written)
        counts[key] = counts.get(key, 0) + 1
    rows = [(*key, str(count)) for key, count in sorted(counts.items())]
    return _table(("type", "what", "language", "kind", "written", "how many"), rows)


def _line(wrong: Wrong) -> str:
    one = wrong.gold or wrong.found
    assert one is not None
    sample = wrong.sample
    before = _hidden(sample, max(0, one.start - AROUND), one.start)
    after = _hidden(sample, one.end, min(len(sample.text), one.end + AROUND))
    value = _short(sample.text[one.start : one.end], one.entity_type)
    about = f" ({wrong.gold.kind}, {wrong.gold.written})" if wrong.gold and wrong.gold.kind else ""
    return f"{sample.language} `{_quoted(f'{before}⟦{value}⟧{after}')}`{about}"


def _hidden(sample: Sample, start: int, end: int) -> str:
    """Return a stretch of a text in which the secrets are cut short."""
    text = sample.text[start:end]
    for gold in reversed(sample.entities):
        low, high = max(start, gold.start), min(end, gold.end)
        if gold.entity_type in SECRETS and low < high:
            text = text[: low - start] + "…" + text[high - start :]
    return text


def _short(value: str, entity_type: EntityType) -> str:
    """Return a value as a list may show it: of a secret six letters, so that nobody's scanner rings."""
    return f"{value[:6]}… {len(value)}" if entity_type in SECRETS else value


def _quoted(text: str) -> str:
    shown = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text
    )
    return shown.replace("`", "'")


def keep(
    figures: Sequence["Figures"], sets: Sequence[LabelledSet], machine: Mapping[str, str], folder: Path
) -> None:
    """Write privacy.md, privacy.json and privacy_misses.md."""
    folder.mkdir(exist_ok=True)
    contents = {"machine": machine, "figures": [_plain(one) for one in figures]}
    written = json.dumps(contents, ensure_ascii=False, indent=1)
    (folder / "privacy.json").write_text(written + "\n", encoding="utf-8")
    made = [one for one in figures if one.set == "generated"]
    public = [one for one in figures if one.set != "generated"]
    left = "".join(f"- {one.name}: {', '.join(one.left_out)}\n" for one in sets if one.left_out)
    (folder / "privacy.md").write_text(
        f"# Personal data, measured\n\n{NOTES}\n## Together\n\n{totals(made)}\n## Public sets\n\n"
        f"{totals(public)}\nLabels without a counterpart, left out; what is found there is not judged:\n\n"
        f"{left}\n## Generated, English\n\n{by_type(made, 'en')}\n## Generated, Korean\n\n"
        f"{by_type(made, 'ko')}\n## By the way of writing\n\n{by_writing(made)}",
        encoding="utf-8",
    )
    (folder / "privacy_misses.md").write_text(_told(figures), encoding="utf-8")


def _told(figures: Iterable["Figures"]) -> str:
    parts = ["# Personal data: every miss and false hit\n\n" + MISSES_NOTES]
    for one in figures:
        wrong = one.scores["goal"].wrong
        if one.side != "Maru" or (one.set == "generated" and one.half == ALL):
            continue
        shown = one.shown and one.half != UNSEEN
        parts.append(f"\n## {one.set}, {one.half}, {one.language}, {one.group}: {len(wrong)}\n")
        parts.append((listed(wrong) if shown else "\n" + counted(wrong)) if wrong else "")
    return "".join(parts)


def _plain(one: "Figures") -> dict[str, Any]:
    whole = {name: vars(_whole(one, name)) for name in one.scores}
    types = {each.value: vars(share) for each, share in one.scores["goal"].shares.items()}
    kept = ("set", "half", "language", "side", "group", "texts", "ms_per_kb", "unlabelled")
    return {name: getattr(one, name) for name in kept} | {"together": whole, "by_type": types}


def _three(share: Share | None) -> tuple[str, str, str]:
    if share is None:
        return "–", "–", "–"
    return _number(share.recall), _number(share.precision), _number(share.f1)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (heads, ["---"] * len(heads), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


NOTES = f"""\
`make eval-privacy` makes this table. "generated" is drawn by `privacy_generated` (its seed is committed);
its templates at even places, "{SEEN}", may be tuned on, those at odd places, "{UNSEEN}", not. Recall,
precision and F1 by the rule of the goals: the type is the same, every letter and digit of the value is
covered, at most two letters or digits more are. "Strict": the very same span; "lenient": a part of it.
"Other types found": of types that the set has no label for, not judged.

Presidio runs with its Korean recognizers and all others that have a counterpart here switched on for both
languages, at the threshold of its own demonstration (0.35). Types without a recognizer of its own are not
counted against it. It is used without a language model: words are cut without one, their lemma is
the word in small letters, and it looks for no names. ms/KB: processor time of one core over the whole set,
in short texts (long prose: row P3).
"""
MISSES_NOTES = f"""\
By the rule of the goals; at most {CAP} of each type are shown, ⟦so⟧. The half of the generated templates
that nothing is tuned on is counted without its text, and so is KLUE-NER (CC BY-SA). Secrets are cut short.
The values are made up.
"""
