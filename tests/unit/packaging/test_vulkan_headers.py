# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The next release's sources come from the system's own, and nothing else of them is taken."""

from pathlib import Path

import pytest

from tests.unit.packaging.scripts import load

vulkan_headers = load("vulkan_headers")

LINES = """\
# deb http://mirror.example/debian bookworm main
deb http://mirror.example/debian bookworm main contrib
deb [signed-by=/usr/share/keyrings/a.gpg arch=amd64] http://mirror.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb http://mirror.example/debian bookworm-updates main
deb http://mirror.example/security bookworm-security main
deb http://other.example/apt cloud-bookworm main
deb http://other.example/docker bookworm stable
"""
PARAGRAPHS = """\
Types: deb deb-src
# A comment within
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/a.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://mirror.example/switched-off
Suites: bookworm
Components: main
Enabled: no

Types: deb
URIs: http://other.example/node
Suites: nodistro
Components: main
"""
HEADER = """\
#define VK_HEADER_VERSION {patch}
#define VK_HEADER_VERSION_COMPLETE VK_MAKE_API_VERSION(0, 1, {minor}, VK_HEADER_VERSION)
"""


def write_headers(folder: Path, minor: int, patch: int) -> None:
    (folder / "vulkan").mkdir(parents=True)
    (folder / "vulkan" / "vulkan_core.h").write_text(
        HEADER.format(minor=minor, patch=patch), encoding="utf-8"
    )


def test_of_one_line_sources_the_release_itself_is_renamed() -> None:
    assert vulkan_headers.next_release({"sources.list": LINES}, "bookworm", "trixie") == {
        "sources.list": (
            "deb http://mirror.example/debian trixie main contrib\n"
            "deb [signed-by=/usr/share/keyrings/a.gpg arch=amd64] http://mirror.example/debian trixie main\n"
        )
    }


def test_of_paragraphs_the_release_itself_is_renamed() -> None:
    found = vulkan_headers.next_release({"debian.sources": PARAGRAPHS}, "bookworm", "trixie")
    assert found == {
        "debian.sources": (
            "URIs: http://mirror.example/debian\n"
            "Components: main contrib\n"
            "Signed-By: /usr/share/keyrings/a.gpg\n"
            "Types: deb\n"
            "Suites: trixie\n"
        )
    }


def test_a_key_within_the_paragraph_is_kept() -> None:
    paragraph = (
        "Types: deb\nURIs: http://m.example\nSuites: noble\nComponents: main\n"
        "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEYCQ=\n"
    )
    found = vulkan_headers.next_release({"ubuntu.sources": paragraph}, "noble", "resolute")
    assert "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEYCQ=\n" in found["ubuntu.sources"]
    assert "Suites: resolute" in found["ubuntu.sources"]


def test_sources_without_the_release_give_nothing() -> None:
    assert vulkan_headers.next_release({"a.list": LINES, "b.sources": PARAGRAPHS}, "sid", "sid") == {}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ('NAME="Debian"\nVERSION_CODENAME=bookworm\n', "bookworm"),
        ('VERSION_CODENAME="noble"', "noble"),
        ("NAME=Arch", ""),
    ],
)
def test_the_release_is_read_from_the_system(words: str, name: str) -> None:
    assert vulkan_headers.codename(words) == name


def test_the_version_is_read_from_the_headers(tmp_path: Path) -> None:
    assert vulkan_headers.version(tmp_path) == ()
    write_headers(tmp_path, 3, 239)
    assert vulkan_headers.version(tmp_path) == (1, 3, 239)


def test_new_headers_of_the_system_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_headers(tmp_path / "system", 4, 309)
    monkeypatch.setattr(vulkan_headers, "SYSTEM", (tmp_path / "system",))
    assert vulkan_headers.provide(tmp_path / "fetched") is None
    assert not (tmp_path / "fetched").exists()


def test_those_of_a_kit_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_headers(tmp_path / "kit" / "include", 4, 321)
    monkeypatch.setattr(vulkan_headers, "SYSTEM", (tmp_path / "system",))
    monkeypatch.setenv("VULKAN_SDK", str(tmp_path / "kit"))
    assert vulkan_headers.provide(tmp_path / "fetched") is None


def test_fetched_headers_are_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vulkan_headers, "SYSTEM", ())
    monkeypatch.delenv("VULKAN_SDK", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get
    write_headers(tmp_path / "usr" / "include", 4, 309)
    assert vulkan_headers.provide(tmp_path) == tmp_path / "usr" / "include"


def test_without_apt_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vulkan_headers, "SYSTEM", ())
    monkeypatch.delenv("VULKAN_SDK", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(vulkan_headers.HeadersError, match=r"1\.4\.309 or later .* VULKAN_SDK"):
        vulkan_headers.provide(tmp_path / "fetched")


def test_on_an_unknown_release_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vulkan_headers, "SYSTEM", ())
    monkeypatch.delenv("VULKAN_SDK", raising=False)
    monkeypatch.setattr(vulkan_headers.shutil, "which", lambda name: name)
    monkeypatch.setattr(vulkan_headers, "OS_RELEASE", tmp_path / "os-release")
    (tmp_path / "os-release").write_text("VERSION_CODENAME=sarge\n", encoding="utf-8")
    with pytest.raises(vulkan_headers.HeadersError, match="or later are needed"):
        vulkan_headers.provide(tmp_path / "fetched")


def test_what_apt_said_is_shown_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("apt-get", "dpkg"):
        (tools / name).write_text("#!/bin/sh\necho no such release >&2\nexit 100\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setattr(vulkan_headers, "SYSTEM", ())
    monkeypatch.delenv("VULKAN_SDK", raising=False)
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    monkeypatch.setattr(vulkan_headers, "OS_RELEASE", tmp_path / "os-release")
    monkeypatch.setattr(vulkan_headers, "SOURCES", tmp_path)
    (tmp_path / "os-release").write_text("VERSION_CODENAME=bookworm\n", encoding="utf-8")
    (tmp_path / "sources.list").write_text(LINES, encoding="utf-8")
    with pytest.raises(vulkan_headers.HeadersError, match="no such release"):
        vulkan_headers.provide(tmp_path / "fetched")
