# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The QR code of a public address, for screens and for posters."""

from __future__ import annotations

from io import BytesIO

import segno


def _code(address: str) -> segno.QRCode:
    # Level Q survives a crease or a drop of rain on a poster: a quarter of it may be unreadable.
    return segno.make(address, error="q", micro=False)


def svg(address: str) -> bytes:
    written = BytesIO()
    _code(address).save(written, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False)
    return written.getvalue()


def png(address: str) -> bytes:
    """About 1,200 pixels a side: sharp on an A4 poster."""
    code = _code(address)
    modules = code.symbol_size(scale=1, border=4)[0]
    written = BytesIO()
    code.save(written, kind="png", scale=max(1, -(-1200 // modules)), border=4)
    return written.getvalue()
