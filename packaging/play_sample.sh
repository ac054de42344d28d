#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
# The main job without a window and without a terminal: add the sample lease, ask it, see the source.
set -eu
cd "$(dirname "$0")/.."
home=$(mktemp -d)
# A home of its own, with a passphrase of its own: the user's keyring and home have no part in it.
export MARU_PASSPHRASE=sample MARU_KEYRING=off
trap 'rm -rf "$home"' EXIT INT TERM
question="How much is the monthly rent?"

echo "There is neither a display nor a terminal, so Maru plays its sample."
echo
echo "\$ maru add tests/data/lease.pdf"
.venv/bin/maru --home "$home" add tests/data/lease.pdf
echo
echo "\$ maru ask \"$question\""
.venv/bin/maru --home "$home" ask "$question"
