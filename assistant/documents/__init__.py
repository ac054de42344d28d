# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The user's own documents: reading, splitting, indexing, searching."""
