# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PyInstaller: python-stdnum's modules are imported by name, and lie as files of their own (LGPL-2.1)."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = collect_submodules("stdnum")
module_collection_mode = "py"
# Of its tables, those that the checks of Maru read.
datas = collect_data_files("stdnum", includes=["iban.dat", "at/fa.dat", "cn/loc.dat", "us/ein.dat"])
