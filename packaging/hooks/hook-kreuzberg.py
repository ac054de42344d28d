# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""PyInstaller: kreuzberg asks its metadata for its version; its optional OCR back ends stay out."""

from PyInstaller.utils.hooks import copy_metadata

datas = copy_metadata("kreuzberg")
excludedimports = ["easyocr", "paddleocr", "torch", "kreuzberg.__main__"]
