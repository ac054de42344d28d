# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Vulkan headers that are new enough for llama.cpp, where the system's own are too old.

On Debian and Ubuntu those of the next release are taken: apt's own sources are read with the name of
the release changed, the package is fetched with apt (which checks its signature) into a folder of ours
and unpacked there. Nothing of the system is changed, and it needs no root. Standard library only.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

PACKAGE = "libvulkan-dev"
ENOUGH = (1, 4, 309)  # llama.cpp of 2026-10 builds with it and does not with 1.3.239
SYSTEM = (Path("/usr/include"), Path("/usr/local/include"))
OS_RELEASE = Path("/etc/os-release")
SOURCES = Path("/etc/apt")
# By VERSION_CODENAME; a release that is not here has new headers or is not known.
NEXT = {"bookworm": "trixie", "jammy": "resolute", "noble": "resolute"}
COMPLETE = re.compile(
    r"VK_HEADER_VERSION_COMPLETE VK_MAKE_API_VERSION\(\d+, (\d+), (\d+), VK_HEADER_VERSION\)"
)
PATCH = re.compile(r"#define VK_HEADER_VERSION (\d+)")


class HeadersError(Exception):
    """No headers that are new enough can be had; says what to do."""


def provide(folder: Path) -> Path | None:
    """Return a folder with headers that are new enough, fetched into `folder`; None for the system's.

    Raises HeadersError.
    """
    sdk = os.environ.get("VULKAN_SDK")
    if any(version(place) >= ENOUGH for place in (*SYSTEM, *([Path(sdk) / "include"] if sdk else []))):
        return None
    include = folder / "usr" / "include"
    if version(include) < ENOUGH:
        _fetch(folder)
    if version(include) < ENOUGH:
        raise HeadersError(_advice())
    return include


def version(include: Path) -> tuple[int, ...]:
    """Return the version of the Vulkan headers in `include`, () where there are none."""
    try:
        words = (include / "vulkan" / "vulkan_core.h").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    complete, patch = COMPLETE.search(words), PATCH.search(words)
    return (int(complete[1]), int(complete[2]), int(patch[1])) if complete and patch else ()


def codename(os_release: str) -> str:
    """Return the name of the release from the text of /etc/os-release, "" for none."""
    found = re.search(r"^VERSION_CODENAME=\"?([a-z]+)", os_release, re.MULTILINE)
    return found[1] if found else ""


def next_release(sources: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """Return apt's sources (texts by file name) of the release `new` for those of `old`.

    Only what names exactly `old` and holds "main" is taken: no updates, no other suppliers' suites.
    Formats: sources.list(5), one line a source in *.list, paragraphs in *.sources.
    """
    changed = {
        name: (_paragraphs if name.endswith(".sources") else _lines)(words, old, new)
        for name, words in sources.items()
    }
    return {name: words for name, words in changed.items() if words}


def _lines(words: str, old: str, new: str) -> str:
    pattern = re.compile(rf"^\s*(deb\s+(?:\[[^\]]*\]\s+)?\S+\s+){re.escape(old)}(\s.*\bmain\b.*)$")
    found = (pattern.match(line) for line in words.splitlines())
    return "".join(f"{line[1]}{new}{line[2]}\n" for line in found if line)


def _paragraphs(words: str, old: str, new: str) -> str:
    kept = []
    for paragraph in re.split(r"\n\s*\n", words.strip()):
        lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
        fields = {name.lower(): value.split() for name, _, value in (line.partition(":") for line in lines)}
        wanted = (("types", "deb"), ("suites", old), ("components", "main"))
        if fields.get("enabled") == ["no"] or any(
            value not in fields.get(name, []) for name, value in wanted
        ):
            continue
        others = (line for line in lines if not re.match(r"(?i)(suites|types):", line))
        kept.append("\n".join([*others, "Types: deb", f"Suites: {new}"]) + "\n")
    return "\n".join(kept)


def _fetch(folder: Path) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise HeadersError(_advice())
    old = codename(OS_RELEASE.read_text(encoding="utf-8"))
    sources = next_release(_system_sources(), old, NEXT.get(old, ""))
    if old not in NEXT or not sources:
        raise HeadersError(_advice())
    shutil.rmtree(folder, ignore_errors=True)
    for inner in ("sources", "lists/partial", "cache/archives/partial"):
        (folder / "apt" / inner).mkdir(parents=True)
    for name, words in sources.items():
        (folder / "apt" / "sources" / name).write_text(words, encoding="utf-8")
    print(f"The system's Vulkan headers are too old; bringing those of {NEXT[old]} …", flush=True)
    for arguments in (["update"], ["download", PACKAGE]):
        _run(["apt-get", *_private(folder.resolve() / "apt"), *arguments], folder)
    for package in folder.glob("*.deb"):
        _run(["dpkg", "-x", str(package.resolve()), str(folder.resolve())], folder)
    shutil.rmtree(folder / "apt")


def _system_sources() -> dict[str, str]:
    files = [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*"))]
    wanted = [file for file in files if file.suffix in (".list", ".sources") and file.is_file()]
    return {file.name: file.read_text(encoding="utf-8", errors="replace") for file in wanted}


def _private(folder: Path) -> list[str]:
    """Return apt's options to read and write nothing but `folder`."""
    options = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": f"{folder}/sources",
        "Dir::State::lists": f"{folder}/lists",
        "Dir::Cache": f"{folder}/cache",
        "APT::Sandbox::User": "root",  # the folder need not be open to apt's own user
        "Acquire::Languages": "none",
    }
    return ["-q", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise HeadersError(f"{done.stdout}{done.stderr}\n{' '.join(command)} failed.\n{_advice()}")


def _advice() -> str:
    wanted = ".".join(str(part) for part in ENOUGH)
    return (
        f"Vulkan headers of version {wanted} or later are needed. Install them with your system's package "
        "manager (vulkan-headers, libvulkan-dev) or the Vulkan SDK, and name its folder in VULKAN_SDK."
    )
