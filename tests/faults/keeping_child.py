# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What a fault test kills in the middle: an update, a snapshot, a restore, a wipe, a rescue."""

import sys
from pathlib import Path

from assistant import pending
from assistant.keys import HomeKey
from assistant.paths import Home
from assistant.restoring import restore_closed, start_from_readable
from assistant.settings import Settings
from assistant.snapshots import Reason, Snapshots
from assistant.stores import budget_of, open_stores


def main(action: str, root: str, secret: str) -> None:
    home, key = Home(Path(root)), HomeKey(bytes.fromhex(secret), "home") if secret else None
    budget = budget_of(Settings())
    if action == "update":
        open_stores(home, key, Settings()).close()
    elif action == "snapshot":
        Snapshots(home, key).take(Reason.ASKED, budget)
    elif action == "restore":
        oldest = Snapshots(home, key).all()[-1]
        restore_closed(home, key, oldest.name, budget)
    elif action == "rescue":
        start_from_readable(home, key)
    elif action == "wipe":
        pending.plan_wipe(home)
        pending.finish(home)


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.write("done\n")
