# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures made by typst, from one template in both forms: SVG to scale, PNG to send. Their words are shapes: give a text beside them.

As in ``pdf``, what people typed reaches the template as data. The fonts of the machine are used for signs that typst's own lack.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec
import typst
from django.utils.html import escape

from arengo.core.documents.pdf import Document

_MAIN = "main.typ"
_PPI = 144.0  # of a PNG: twice what is drawn, for screens with small dots


def picture(document: Document, form: Literal["svg", "png"], *, described: str) -> bytes:
    """``described``: its text alternative, which an SVG carries within. Some tens of milliseconds of processor."""
    values = {"title": document.title, "language": document.language, "data": document.data}
    with TemporaryDirectory(prefix="arengo-picture-") as place:
        folder = Path(place)
        (folder / _MAIN).write_bytes(document.template.read_bytes())
        made = typst.compile(
            str(folder / _MAIN),
            root=str(folder),
            format=form,
            ppi=_PPI,
            sys_inputs={"document": msgspec.json.encode(values).decode()},
        )
    if not isinstance(made, bytes):
        raise TypeError("the template makes more than one page")
    return _with_words(made, document.title, described) if form == "svg" else made


def _with_words(svg: bytes, title: str, described: str) -> bytes:
    head, _, rest = svg.partition(b">")
    words = f"<title>{escape(title)}</title><desc>{escape(described)}</desc>"
    return head + b' role="img">' + words.encode() + rest
