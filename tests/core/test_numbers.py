# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers as people write them are read as they are meant, or asked about; never read wrongly."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from arengo.core.numbers import LONGEST, Misread, Range, read, shown

COUNT = Range(Decimal(0), Decimal(10**9))
RATE = Range(Decimal(1), Decimal(1000))
MONEY = Range(Decimal(0), Decimal(10**9), decimals=2)
PRICE = Range(Decimal(0), Decimal("999.99999"), decimals=5, usual=Decimal(10))
PERCENT = Range(Decimal(0), Decimal(100), decimals=1, sign="%")
LATITUDE = Range(Decimal(-90), Decimal(90), decimals=6)


def outcome(typed: str, within: Range) -> Decimal | str:
    """The number, or the words with which it is refused."""
    try:
        return read(typed, within)
    except Misread as misread:
        return misread.in_words(str, ",")


def refused(typed: str, within: Range) -> str:
    with pytest.raises(Misread) as misread:
        read(typed, within)
    return misread.value.in_words(str, ",")


@pytest.mark.parametrize(
    ("typed", "within", "meant"),
    [
        ("1.000", COUNT, "1000"),
        ("1,000", COUNT, "1000"),
        ("1 000", COUNT, "1000"),
        ("1\u00a0000", COUNT, "1000"),
        ("1\u202f000\u202f000", COUNT, "1000000"),
        ("1'000", COUNT, "1000"),
        ("1’000", COUNT, "1000"),
        ("1.000.000", COUNT, "1000000"),
        ("1000", COUNT, "1000"),
        (" +80 ", COUNT, "80"),
        ("80,00", COUNT, "80"),
        ("\ufeff80\u200b", COUNT, "80"),
        ("007", COUNT, "7"),
        ("-0", COUNT, "0"),
        ("1.000,50", MONEY, "1000.50"),
        ("1,000.50", MONEY, "1000.50"),
        ("1 000,50", MONEY, "1000.50"),
        ("1'000.50", MONEY, "1000.50"),
        ("1.000", MONEY, "1000"),
        ("1,5", MONEY, "1.5"),
        (",5", MONEY, "0.5"),
        ("0,030", PRICE, "0.030"),
        ("0.030", PRICE, "0.030"),
        ("0.0795", PRICE, "0.0795"),
        ("1.000", PRICE, "1"),
        ("1,125", PRICE, "1.125"),
        ("30", PRICE, "30"),
        ("12,5 %", PERCENT, "12.5"),
        ("12.5%", PERCENT, "12.5"),
        ("45.464", LATITUDE, "45.464"),
        ("\u22129,19", LATITUDE, "-9.19"),
    ],
)
def test_what_can_be_meant_in_one_way_only_is_read(typed: str, within: Range, meant: str) -> None:
    assert read(typed, within) == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "within", "words"),
    [
        ("80.000", RATE, "Il massimo è 1000."),
        ("0", RATE, "Il minimo è 1."),
        ("1,5", COUNT, "intero"),
        ("1.0000", COUNT, "intero"),
        ("0.000", COUNT, "intero"),
        ("-1", COUNT, "negativo"),
        ("-1.000", MONEY, "negativo"),
        ("0,0355", MONEY, "al massimo 2"),
        ("12.500", PERCENT, "Il massimo è 100."),
        ("5000,5", PRICE, "Il massimo è 999,99999."),
        ("1e3", PRICE, "soltanto il numero"),
        ("NaN", PRICE, "soltanto il numero"),
        ("-Infinity", PRICE, "soltanto il numero"),
        ("inf", PRICE, "soltanto il numero"),
        ("€ 0,03", PRICE, "soltanto il numero"),
        ("1_000", COUNT, "soltanto il numero"),
        ("0x10", COUNT, "soltanto il numero"),
        ("3½", COUNT, "soltanto il numero"),
        ("1\u202e23", COUNT, "soltanto il numero"),
        ("٣", COUNT, "cifre da 0 a 9"),
        ("１０", COUNT, "cifre da 0 a 9"),
        ("४२", COUNT, "cifre da 0 a 9"),
        ("2²", COUNT, "cifre da 0 a 9"),
        ("1.00.000", COUNT, "Scrivi un numero, per esempio 100."),
        ("1,00,000", COUNT, "Scrivi un numero"),
        ("1.000 000", COUNT, "Scrivi un numero"),
        ("1,000,50", MONEY, "Scrivi un numero, per esempio 0,5."),
        ("5,", MONEY, "Scrivi un numero"),
        ("..", MONEY, "Scrivi un numero"),
        ("-", COUNT, "Scrivi un numero"),
        ("--5", COUNT, "soltanto il numero"),
        ("9" * (LONGEST + 1), COUNT, "troppo lungo"),
        ("9" * 1_000_000, COUNT, "troppo lungo"),
        (" " * 1_000_000 + "9", COUNT, "troppo lungo"),
        ("9" * LONGEST, COUNT, "Il massimo"),
    ],
)
def test_what_is_no_number_here_is_refused_in_words(typed: str, within: Range, words: str) -> None:
    assert words in refused(typed, within)


@pytest.mark.parametrize(
    ("typed", "readings"),
    [("12.000", ("12000", "12,0")), ("12,345", ("12345", "12,3450")), ("123.456", ("123456", "123,4560"))],
)
def test_what_can_be_meant_in_two_ways_is_asked_with_both(typed: str, readings: tuple[str, str]) -> None:
    anything = Range(Decimal(0), Decimal(10**6), decimals=5)
    words = refused(typed, anything)
    assert all(f" {reading} (" in words for reading in readings)
    assert words == refused(typed.translate(str.maketrans(".,", ",.")), anything)
    assert [read(reading, anything) for reading in readings] == [
        Decimal(reading.replace(",", ".")) for reading in readings
    ]


def test_a_price_that_would_be_unlikely_either_way_is_asked_about() -> None:
    assert "12000" in refused("12.000", PRICE)


RANGES = st.builds(
    Range,
    least=st.just(Decimal(-(10**6))),
    most=st.sampled_from([Decimal(100), Decimal("999.99999"), Decimal(10**6)]),
    decimals=st.integers(0, 6),
    usual=st.sampled_from([None, Decimal(10)]),
)


@given(RANGES, st.data(), st.sampled_from(",."))
def test_what_is_shown_is_read_as_the_same_value(within: Range, data: st.DataObject, mark: str) -> None:
    value = data.draw(st.decimals(within.least, within.most, places=within.decimals))
    assert read(shown(value, within, mark), within) == value


@given(st.integers(0, 10**9), st.sampled_from([".", ",", " ", "'", "\u00a0"]))
def test_a_count_is_read_with_any_sign_between_thousands(count: int, group: str) -> None:
    assert read(f"{count:,}".replace(",", group), COUNT) == count


@given(st.decimals(0, 10**9, places=2), st.sampled_from([".,", ",.", " ,", " .", "',", "'."]))
def test_money_is_read_in_either_writing(amount: Decimal, signs: str) -> None:
    group, mark = signs
    typed = f"{amount:,.2f}".translate(str.maketrans({",": group, ".": mark}))
    assert read(typed, MONEY) == amount


@given(st.text(alphabet=st.sampled_from("0123456789.,' +-−%eE٣\u00a0"), max_size=12), RANGES)
def test_a_number_has_the_digits_that_were_typed_in_their_order(typed: str, within: Range) -> None:
    value = outcome(typed, within)
    if isinstance(value, str):
        assert value
        return
    wrote = re.sub("[^0-9]", "", typed)
    got = re.sub("[^0-9]", "", format(value, "f"))
    assert wrote.strip("0") == got.strip("0")
    assert within.least <= value <= within.most


@given(st.text())
def test_any_text_is_a_number_or_is_refused_in_words(typed: str) -> None:
    assert outcome(typed, PRICE) != ""
