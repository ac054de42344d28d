# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Makes and opens a home by the system's keyring, inside a session of its own; says what came of it.

`python -m tests.unit.secret_service_child HOME [empty|change|code]`: before it is opened, the keyring is
emptied or changed; or a recovery code is made afterwards.
"""

import os
import sys
from pathlib import Path

from assistant.credentials import SERVICE, SystemKeyring, system_backend
from assistant.errors import LockedError
from assistant.home_key import given_by_environment, new_recovery_code
from assistant.key_file import KeyFile
from assistant.paths import Home
from assistant.unlocking import unlock

PATIENCE_S = 10.0  # a dialog cannot be shown here: what waits for one waits in vain


def main(home: Home, fault: str) -> None:
    home.create()
    file = KeyFile.read(home)
    if fault == "empty" and file is not None:
        system_backend().delete_password(SERVICE, file.home_id)
    elif fault == "change" and file is not None:
        system_backend().set_password(SERVICE, file.home_id, os.urandom(32).hex())
    try:
        key = unlock(home, given_by_environment(), SystemKeyring(patience=PATIENCE_S)).key
    except LockedError as error:
        sys.stdout.write(f"{error.reason.name}: {error}\n")
    else:
        assert key is not None
        said = new_recovery_code(home, key) if fault == "code" else f"open {key.check()}"
        sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])), "".join(sys.argv[2:]))
