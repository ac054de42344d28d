# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: never in the way of starting, each with a description."""

import dataclasses
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from assistant.errors import HomeError, SettingsError
from assistant.paths import Home
from assistant.sampling import SamplingParams
from assistant.settings import VERSION, Acts, AdapterFile, Settings, about, load_settings, save_settings

CHOSEN = Settings(
    language="ko",
    theme="dark",
    text_percent=150,
    preset="",
    sampling=SamplingParams(temperature=0.7, seed=3),
    chat_model="/모델/a.gguf",
    limit=9,
    cache_type="q8_0",
    adapters=(AdapterFile("/모델/말투.gguf", 0.5), AdapterFile("/b.gguf")),
    window={"geometry": "AAAA"},
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


def old_files(home: Home) -> list[bytes]:
    return [file.read_bytes() for file in sorted(home.root.glob("settings.old-*.json"))]


@pytest.mark.parametrize("one", dataclasses.fields(Settings), ids=lambda one: one.name)
def test_every_setting_has_a_description_and_a_default_in_its_range(one: "dataclasses.Field[object]") -> None:
    known = about(one.name)
    assert known.description.msgid[0].isupper()
    assert known.description.msgid.endswith(".")
    assert known.allows(getattr(Settings(), one.name))


@pytest.mark.parametrize("one", dataclasses.fields(Settings), ids=lambda one: one.name)
def test_every_setting_says_when_it_acts(one: "dataclasses.Field[object]") -> None:
    assert isinstance(about(one.name).acts, Acts)
    assert str(about(one.name).acts).startswith("Takes effect ")


@pytest.mark.parametrize("one", dataclasses.fields(Settings), ids=lambda one: one.name)
def test_every_number_has_a_range(one: "dataclasses.Field[object]") -> None:
    assert (about(one.name).limits is not None) == isinstance(getattr(Settings(), one.name), int)


def test_settings_are_the_same_after_saving(home: Home) -> None:
    assert load_settings(home) == (Settings(), None)
    save_settings(home, CHOSEN)
    assert load_settings(home) == (CHOSEN, None)
    assert old_files(home) == []


def test_adapters_stand_in_the_file_as_people_would_write_them(home: Home) -> None:
    save_settings(home, CHOSEN)
    written = json.loads(home.settings.read_bytes())["adapters"]
    assert written[0] == {"path": "/모델/말투.gguf", "scale": 0.5}
    home.settings.write_text('{"adapters": [{"path": "a.gguf"}]}')
    assert load_settings(home)[0].adapters == (AdapterFile("a.gguf", 1.0),)


def test_an_adapter_too_strong_is_refused() -> None:
    with pytest.raises(SettingsError, match="strength"):
        AdapterFile("a.gguf", 4.5)


@pytest.mark.skipif(os.name != "posix", reason="runs on Linux and macOS: rights of POSIX")
def test_the_file_is_its_owners_alone(home: Home) -> None:
    save_settings(home, CHOSEN)
    assert stat.S_IMODE(home.settings.stat().st_mode) == 0o600
    assert [file.name for file in home.root.iterdir() if file.is_file()] == ["settings.json"]


@pytest.mark.fault("F25")
@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'"a"',
        b"[" * 100_000,
        b'{"version": "x"}',
        b'{"version": null}',
        b'{"version": Infinity}',
        b'{"adapters": [{"path": "a.gguf", "scale": 1' + b"0" * 400 + b"}]}",
    ],
)
def test_a_damaged_file_gives_defaults_and_is_kept(home: Home, written: bytes) -> None:
    home.settings.write_bytes(written)
    settings, notice = load_settings(home)
    assert settings == Settings()
    assert notice is not None
    assert "settings.old-1.json" in str(notice)
    assert old_files(home) == [written]
    assert load_settings(home) == (Settings(), None)


@pytest.mark.fault("F25")
def test_a_file_of_a_newer_version_is_kept(home: Home) -> None:
    written = json.dumps({"version": VERSION + 1, "theme": "dark"}).encode()
    home.settings.write_bytes(written)
    settings, notice = load_settings(home)
    assert (settings, notice is None) == (Settings(), False)
    assert old_files(home) == [written]


@pytest.mark.fault("F25")
def test_old_files_are_not_overwritten(home: Home) -> None:
    for written in (b"one", b"two"):
        home.settings.write_bytes(written)
        load_settings(home)
    assert old_files(home) == [b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "xx"),
        ("theme", 3),
        ("text_percent", 9999),
        ("text_percent", True),
        ("limit", "5"),
        ("limit", None),
        ("sampling", {"temperature": 99}),
        ("sampling", {"temperature": "hot"}),
        ("sampling", {"top_k": 0.5}),
        ("sampling", 4),
        ("adapters", {"path": "a.gguf"}),
        ("adapters", ["a.gguf"]),
        ("adapters", [{"scale": 1.0}]),
        ("adapters", [{"path": 3}]),
        ("adapters", [{"path": "a.gguf", "scale": "strong"}]),
        ("adapters", [{"path": "a.gguf", "scale": 99}]),
        ("cache_type", "q2"),
        ("idle_minutes", -1),
        ("window", {"geometry": 4}),
        ("window", [1]),
    ],
)
def test_one_wrong_value_leaves_the_others(home: Home, name: str, value: object) -> None:
    save_settings(home, CHOSEN)
    written = json.loads(home.settings.read_bytes())
    home.settings.write_text(json.dumps(written | {name: value}))
    settings, notice = load_settings(home)
    assert settings == dataclasses.replace(CHOSEN, **{name: getattr(Settings(), name)})
    assert notice is not None
    assert len(old_files(home)) == 1


def test_settings_that_are_not_known_are_passed_over(home: Home) -> None:
    home.settings.write_text('{"version": 1, "theme": "dark", "new": 1, "sampling": {"new": 1}}')
    assert load_settings(home) == (Settings(theme="dark"), None)


@tuned(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from([one.name for one in dataclasses.fields(Settings)]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
            max_leaves=4,
        ),
    )
)
def test_no_content_of_the_file_stops_the_start(home: Home, written: dict[str, object]) -> None:
    home.settings.write_text(json.dumps(written))
    load_settings(home)


def test_a_settings_file_that_cannot_be_opened_gives_defaults(home: Home) -> None:
    home.settings.mkdir()
    settings, notice = load_settings(home)
    assert settings == Settings()
    assert notice is not None


def test_a_value_out_of_its_range_is_refused() -> None:
    with pytest.raises(SettingsError, match="text_percent"):
        Settings(text_percent=5)


def test_saving_where_nothing_can_be_written_says_so_and_leaves_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="settings"):
        save_settings(Home(tmp_path / "missing"), CHOSEN)
