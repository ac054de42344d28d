# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The option by which a command is told what to do with personal data."""

import argparse

from assistant.privacy.policy import OWN, POLICIES
from assistant.texts import tr


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add `--policy NAME`; None where it is not given."""
    parser.add_argument("--policy", choices=(*POLICIES, OWN),
                        help=tr("what to hide; own is as you chose in the settings"))  # fmt: skip
