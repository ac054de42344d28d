# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the system lacks is named, and installed or told how to."""

import os
import subprocess
import sys

import pytest

from tests.unit.packaging.scripts import load

system_packages = load("system_packages")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux looks for packages")

ABSENT = (
    system_packages.library("libnothing-of-the-kind.so.9", "libnothing9"),
    system_packages.library("libc.so.6", "libc6"),
    system_packages.program(("no-such-program", "nor-this"), "nothing-bin"),
    system_packages.program(("nor-this", "sh"), "dash"),
)


def test_only_what_is_absent_is_missing() -> None:
    found = [need.package for need in system_packages.missing(ABSENT)]
    assert found == ["libnothing9", "nothing-bin"]


def test_this_machine_has_what_the_tests_need() -> None:
    assert system_packages.main(["system_packages.py", "tests"]) == 0


def test_without_root_the_exact_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "RUN", ABSENT)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        system_packages.shutil, "which", lambda name: name if name in ("apt-get", "sh") else None
    )
    assert system_packages.main(["system_packages.py", "run"]) == 1
    said = capsys.readouterr().out
    assert "libnothing-of-the-kind.so.9, no-such-program" in said
    assert "sudo apt-get install -y --no-install-recommends libnothing9 nothing-bin" in said


def test_as_root_the_packages_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def note(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        monkeypatch.setattr(system_packages, "missing", lambda _needs: [])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(system_packages, "RUN", ABSENT[:1])
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name)
    monkeypatch.setattr(system_packages.subprocess, "run", note)
    assert system_packages.main(["system_packages.py", "run"]) == 0
    assert commands == [["sh", "-c", system_packages.command(["libnothing9"], root=True)]]


def test_elsewhere_than_on_linux_nothing_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(system_packages, "RUN", ABSENT)
    assert system_packages.main(["system_packages.py", "run"]) == 0
