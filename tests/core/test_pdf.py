# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import re
import zlib
from io import BytesIO
from pathlib import Path

import pytest
import typst
import zxingcpp
from django.utils import translation
from hypothesis import given, settings, strategies as st
from PIL import Image

from arengo.core.documents import qr
from arengo.core.documents.charts import BarChart, Series
from arengo.core.documents.pdf import MOST_BYTES, UNKNOWN, Document, DocumentRefused, pdf

TEMPLATE = """
#import "house.typ": *
#show: house
= #data.heading
#data.text
#figures(data.header, data.rows)
"""
AWKWARD = 'Zoë #panic("no") $x$ *b* _i_ <label> @ref `code` \\ "quoted" // nothing /* left */ سلام ж ≤'


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return write(tmp_path, TEMPLATE)


def write(folder: Path, source: str) -> Path:
    path = folder / "report.typ"
    path.write_text(source)
    return path


def document(template: Path, **more: object) -> Document:
    data = {
        "heading": "Iscritti",
        "text": "Testo",
        "header": ["Tema", "Iscritti"],
        "rows": [["Eventi", "12"]],
    }
    return Document("Rapporto", template, {**data, **more})


def plain(made: bytes) -> str:
    """The file with its streams opened: structure, and the maps from glyphs to signs."""
    opened = [made.decode("latin-1")]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            opened.append(zlib.decompress(stream).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(opened)


@pytest.mark.parametrize(
    "mark",
    ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "/Marked true", "/StructTreeRoot"],
)
def test_it_says_that_it_is_tagged_and_keeps(template: Path, mark: str) -> None:
    made = pdf(document(template))
    assert made.startswith(b"%PDF-1.7")
    assert mark in plain(made)


def test_headings_tables_language_and_title_are_told_to_screen_readers(template: Path) -> None:
    told = plain(pdf(document(template)))
    for mark in ("/S /H1", "/S /Table", "/S /TH", "/S /TD", "/Lang (it)", "/DisplayDocTitle true"):
        assert "".join(mark.split()) in "".join(told.split()), mark
    assert "Rapporto" in told


def test_a_picture_without_words_is_refused(tmp_path: Path) -> None:
    drawing = {"code.png": qr.png("https://comune.example.it/")}
    source = '#import "house.typ": *\n#show: house\n#image("code.png"{})'
    silent = write(tmp_path, source.format(""))
    with pytest.raises(DocumentRefused, match="alt"):
        pdf(Document("Manifesto", silent, {}, pictures=drawing))
    spoken = write(tmp_path, source.format(', alt: "Codice QR del canale"'))
    assert "/Alt" in plain(pdf(Document("Manifesto", spoken, {}, pictures=drawing)))


def test_a_document_without_a_title_is_refused(template: Path) -> None:
    with pytest.raises(DocumentRefused, match="title"):
        pdf(Document("", template, document(template).data))


def test_what_people_typed_is_text(template: Path) -> None:
    """Read from the maps by which a reader finds signs again: none is missing, and nothing was obeyed."""
    told = plain(pdf(document(template, text=AWKWARD, rows=[[AWKWARD, AWKWARD]], heading=AWKWARD)))
    maps = "".join(re.findall(r"beginbf(?:char|range)(.*?)endbf", told, re.DOTALL)).lower()
    signs = set(AWKWARD) - {" "}
    assert [sign for sign in sorted(signs) if f"{ord(sign):04x}" not in maps] == []


@settings(max_examples=25)
@given(text=st.text(max_size=60))
def test_whatever_somebody_is_called_the_document_is_made(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    template = write(tmp_path_factory.mktemp("typst"), TEMPLATE)
    assert pdf(document(template, text=text, heading=f"Di {text}", rows=[[text, text]]))


def test_signs_that_no_font_has_are_shown_as_unknown_and_others_stay(template: Path) -> None:
    given = "Zoë 😀 中 ব\u09be a\u20dd"
    told = plain(pdf(document(template, text=given)))
    maps = "".join(re.findall(r"beginbf(?:char|range)(.*?)endbf", told, re.DOTALL)).lower()
    assert f"{ord(UNKNOWN):04x}" in maps
    assert all(f"{ord(sign):04x}" in maps for sign in "Zoëa")


def test_many_unknown_signs_are_found_together(template: Path) -> None:
    assert pdf(document(template, text=" ".join(map(chr, range(0x4E00, 0x4F90)))))


def test_a_template_that_is_wrong_says_where(tmp_path: Path) -> None:
    wrong = write(tmp_path, '#import "house.typ": *\n#show: house\n#data.nothing')
    with pytest.raises(DocumentRefused, match="nothing"):
        pdf(Document("Rapporto", wrong, {"heading": "x"}))


def test_a_template_reads_no_file_of_the_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("chiavi")
    for path in (str(secret), "../secret.txt", "/etc/hostname"):
        curious = write(tmp_path, f'#import "house.typ": *\n#show: house\n#read("{path}")')
        with pytest.raises(DocumentRefused):
            pdf(Document("Rapporto", curious, {}))


def test_what_is_too_large_is_refused(template: Path) -> None:
    with pytest.raises(DocumentRefused, match=str(MOST_BYTES)):
        pdf(document(template, text="x" * MOST_BYTES))


def test_a_chart_stands_in_a_document_beside_its_table(tmp_path: Path) -> None:
    source = """
#import "house.typ": *
#show: house
= Temi
#image("chart.svg", alt: data.description)
#figures(data.header, data.rows)
"""
    series = [Series("2025", [12, 1500]), Series("2026", [8, None])]
    chart = BarChart("temi", "Iscritti", "Eventi ne ha di più.", "Tema", ["Viabilità", "Eventi"], series)
    with translation.override("it"):
        table = chart.table()
        data = {"description": chart.description, "header": table.header, "rows": table.rows}
        drawn = {"chart.svg": chart.svg().encode()}
    assert "/Alt" in plain(pdf(Document("Rapporto", write(tmp_path, source), data, pictures=drawn)))


ADDRESS = "https://comune.example.it/canale/?da=manifesto&lingua=it"


def test_the_code_leads_where_it_says() -> None:
    with Image.open(BytesIO(qr.png(ADDRESS))) as drawn:
        assert [found.text for found in zxingcpp.read_barcodes(drawn.convert("L"))] == [ADDRESS]


def test_a_printed_code_leads_where_it_says() -> None:
    """As SVG on a page of 150 dots an inch, three centimetres wide."""
    page = '#set page(width: 10cm, height: 10cm)\n#image("code.svg", width: 3cm)'
    pixels = typst.compile({"main": page.encode(), "code.svg": qr.svg(ADDRESS)}, format="png", ppi=150)
    assert isinstance(pixels, bytes)
    with Image.open(BytesIO(pixels)) as drawn:
        assert [found.text for found in zxingcpp.read_barcodes(drawn.convert("L"))] == [ADDRESS]
