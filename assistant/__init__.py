# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The core of Maru: no Qt; usable from a terminal and a plain Python prompt."""
