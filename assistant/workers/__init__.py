# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Worker processes: one mechanism for the engines, the index and the parser."""
