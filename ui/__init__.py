# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The window: PySide6 only; everything it shows comes from the core."""
