# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that were scanned, as one PDF: each a picture that fills its sheet. The pictures go into it as they are."""

from __future__ import annotations

from collections.abc import Sequence

from arengo.core.images import Drawn

_LONG, _SHORT = 842, 595  # points: A4


def scanned_pdf(pages: Sequence[Drawn]) -> bytes:
    """PDF 1.4 (ISO 32000). ``pages``: JPEG in RGB, at least one."""
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
    ]
    for number, page in enumerate(pages):
        first = 3 + 3 * number
        wide = page.width > page.height
        most_across, most_down = (_LONG, _SHORT) if wide else (_SHORT, _LONG)
        scale = min(most_across / page.width, most_down / page.height)
        across, down = round(page.width * scale, 2), round(page.height * scale, 2)
        drawing = f"q {across} 0 0 {down} 0 0 cm /P Do Q".encode()
        picture = (
            f"<< /Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} /ColorSpace /DeviceRGB "
            f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(page.content)} >>"
        )
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {down}] /Contents {first + 1} 0 R "
            f"/Resources << /XObject << /P {first + 2} 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
            picture.encode() + b"\nstream\n" + page.content + b"\nendstream",
        ]
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
