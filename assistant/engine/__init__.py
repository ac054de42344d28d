# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The llama.cpp engine: client in the window, worker in a process of its own."""
