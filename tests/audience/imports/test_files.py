# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of people, of every kind that towns have, become one table; what is none is refused with words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from arengo.audience.imports.columns import recognise
from arengo.audience.imports.files import spreadsheets
from arengo.audience.imports.files.reading import read
from arengo.audience.imports.files.table import NotReadable, Table
from tests.factories.imports import bomb, csv, ods, sparse, xlsx

LINES = ("Cellulare;Cognome e nome;Città", "333 000 0001;Esempio Niccolò;Forlì")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_of_offices_are_read_whatever_wrote_them(encoding: str) -> None:
    table = read(csv(*LINES, encoding=encoding))
    assert table.heads == ["Cellulare", "Cognome e nome", "Città"]
    assert table.rows == [["333 000 0001", "Esempio Niccolò", "Forlì"]]
    assert table.first == 2


def test_an_old_mac_is_read_once_somebody_says_so() -> None:
    content = csv(*LINES, encoding="mac_roman")
    assert read(content).rows[0][2] != "Forlì"
    assert read(content, "mac_roman").rows[0][2] == "Forlì"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_columns_are_separated_by_what_the_first_line_has_most_of(separator: str) -> None:
    table = read(
        csv(separator.join(("Nome", "Telefono")), separator.join(('"Rossi; Anna, sig.ra"', "3330000001")))
    )
    assert table.rows == [["Rossi; Anna, sig.ra", "3330000001"]]
    assert table.separator == separator


def test_one_column_without_a_heading_is_a_list_of_numbers() -> None:
    table = read(csv("3330000001", "+39 333 0000002"))
    assert len(table.rows) == 2
    assert table.first == 1
    assert recognise(table.heads, table.rows) == ["phone"]


def test_spreadsheets_give_numbers_whole_and_days_apart() -> None:
    rows = (["Cellulare", "Nome"], [3330000001.0, "Anna"], [393330000002.0, "Bruno"], ["3,33E+09", "Carla"])
    assert read(xlsx(*rows)).rows == [
        ["3330000001", "Anna"],
        ["393330000002", "Bruno"],
        ["3,33E+09", "Carla"],
    ]
    assert read(ods(["Telefono"], ["333 0000001"])).rows == [["333 0000001"]]


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 20 * 2**20)
    monkeypatch.setattr(spreadsheets.subprocess, "Popen", lambda *_a, **_k: pytest.fail("it was opened"))
    with pytest.raises(NotReadable, match="troppo grande"):
        read(bomb(21 * 2**20))


def test_a_sheet_that_takes_the_reader_down_is_only_refused() -> None:
    with pytest.raises(NotReadable, match="troppo grande"):
        read(sparse())


def test_damaged_sheets_are_refused_with_words() -> None:
    for content in (
        xlsx(["Telefono"])[:-40],
        b"PK\x03\x04 nothing",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing",
    ):
        with pytest.raises(NotReadable, match="non si riesce a leggere"):
            read(content)


def test_a_telephones_contacts_give_the_number_of_whatsapp() -> None:
    table = read(
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Esempio;Anna;;;\r\nFN:Anna Esem\r\n pio\r\n"
        b"TEL;TYPE=HOME:071 000001\r\nitem1.TEL;waid=393330000001:+39 333 000 0001\r\nCATEGORIES:eventi\\,scuola\r\n"
        b"END:VCARD\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Forl=C3=\r\n=AC;Bruno\r\n"
        b"TEL;WORK:071 000002\r\nTEL;CELL:333 0000002\r\nEND:VCARD\r\n"
    )
    assert table.rows == [
        ["Anna Esempio", "+393330000001", "eventi,scuola"],
        ["Bruno Forlì", "333 0000002", ""],
    ]
    assert recognise(table.heads, table.rows) == ["name", "phone", "topics"]


def test_exports_of_chatwoot_and_listmonk_are_recognised() -> None:
    chatwoot = read(csv("id,name,email,phone_number", "1,Anna Esempio,a@example.it,+393330000001"))
    assert recognise(chatwoot.heads, chatwoot.rows) == ["", "name", "", "phone"]
    listmonk = read(
        csv(
            "uuid,email,name,attributes,status,created_at,updated_at",
            'u1,a@example.it,Anna,"{""phone"": ""+393330000001"", ""tags"": [""eventi""]}",enabled,2025-05-03,',
            "u2,b@example.it,Bruno,not json,blocklisted,2025-05-03,",
        )
    )
    assert recognise(listmonk.heads, listmonk.rows) == ["", "", "name", "state", "day", "", "phone", "topics"]
    assert listmonk.rows[0][-2:] == ["+393330000001", "eventi"]
    assert listmonk.rows[1][-2:] == ["", ""]


def _table(content: bytes) -> Table | str:
    """The table, or why there is none."""
    try:
        return read(content)
    except NotReadable as refused:
        return str(refused)


@pytest.mark.parametrize(
    "content", [b"", b"\r\n \r\n", b"Telefono\r\n", b"\x89PNG\x00\x00", b"BEGIN:VCARD\nEND"]
)
def test_what_holds_nobody_is_refused_with_words(content: bytes) -> None:
    assert isinstance(found := _table(content), str)
    assert found.endswith(".")


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: ("BEGIN:VCARD\n" + text).encode())
    )
)
def test_no_bytes_raise_anything_but_words(content: bytes) -> None:
    found = _table(content.replace(b"PK\x03\x04", b"").replace(b"\xd0\xcf\x11\xe0", b""))
    if isinstance(found, str):
        assert found
    else:
        assert all(len(row) == len(found.heads) for row in found.rows)
        assert len(recognise(found.heads, found.rows)) == len(found.heads)
