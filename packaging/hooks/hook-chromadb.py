# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PyInstaller: the parts of Chroma that it imports by name for an index in a folder."""

from PyInstaller.utils.hooks import collect_data_files, copy_metadata

hiddenimports = [
    "chromadb.api.rust",
    "chromadb.auth.token_authn",
    "chromadb.telemetry.opentelemetry",
    "chromadb.telemetry.product.posthog",
    "chromadb_rust_bindings",
]
datas = collect_data_files("chromadb", includes=["**/*.json", "**/*.sql", "**/*.yml"])
datas += copy_metadata("chromadb")
