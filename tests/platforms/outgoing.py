# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages that WhatsApp takes, and messages that it would refuse."""

from __future__ import annotations

from typing import Any

from arengo.platforms.contract import (
    Address,
    Buttons,
    Choice,
    Listing,
    Media,
    Outgoing,
    Parameter,
    Reaction,
    Section,
    Template,
    TemplateButton,
    Text,
)
from arengo.platforms.whatsapp.platform import WhatsApp

ANNA = Address(phone="+393330000001", user_id="IT.77777777")
BRUNO = Address(user_id="IT.88888888")
problems = WhatsApp().problems


def choices(count: int, **more: Any) -> list[Choice]:
    return [Choice(id=f"c{n}", title=f"Scelta {n}", **more) for n in range(count)]


def listing(*rows: int, title: str = "Uffici", **more: Any) -> Listing:
    numbers = iter(range(100))
    sections = [
        Section(
            f"{title} {n}" if len(rows) > 1 else title,
            [Choice(f"r{next(numbers)}", "Voce") for _ in range(count)],
        )
        for n, count in enumerate(rows)
    ]
    return Listing(**{"body": "Quale?", "button": "Scegli", "sections": sections, **more})


FITS: list[Outgoing] = [
    Text("è" * 4096),
    Text("🙂" * 2048),
    Media("image", "7", "a" * 1024),
    Buttons("a" * 1024, choices(3), "h" * 60, "f" * 60),
    Buttons("a", [Choice("i" * 256, "t" * 20)]),
    listing(10),
    listing(*[1] * 10),
    listing(1, body="a" * 4096, button="b" * 20, header="h" * 60, footer="f" * 60, title="t" * 24),
    listing(1, title=""),
    Listing("a", "b", [Section("s", [Choice("i" * 200, "t" * 24, "d" * 72)])]),
    Template("a" * 512, "it", header_text=Parameter("h" * 60), body=[Parameter("p" * 1024)]),
    Template("a", "it", body=[Parameter("quattro    spazi")]),
    Template("a", "it", buttons=[TemplateButton(n, "quick_reply", "p" * 128) for n in range(10)]),
    Reaction("wamid.B", "👩🏽‍👩🏿‍👧🏻‍👦🏾"),
]
REFUSED: list[tuple[Outgoing, list[str]]] = [
    (Text("a" * 4097), ["4096", "4097"]),
    (Text("🙂" * 2049), ["4096", "4098"]),
    (Text(""), ["in bianco"]),
    (Text(" \n"), ["in bianco"]),
    (Text("mezza \ud83d"), ["carattere"]),
    (Media("image", "7", "a" * 1025), ["1024", "1025"]),
    (Media("image", ""), ["file"]),
    (Media("gif", "7"), ["gif"]),
    (Media("audio", "7", "ciao"), ["didascalia"]),
    (Buttons("a" * 1025, choices(1)), ["1024", "1025"]),
    (Buttons("", choices(1)), ["in bianco"]),
    (Buttons("a", choices(4)), ["3", "4"]),
    (Buttons("a", []), ["3", "0"]),
    (Buttons("a", choices(1), header="h" * 61), ["60", "61"]),
    (Buttons("a", choices(1), footer="f" * 61), ["60", "61"]),
    (Buttons("a", [Choice("c", "t" * 21)]), ["20", "21"]),
    (Buttons("a", [Choice("c", "")]), ["in bianco"]),
    (Buttons("a", [Choice("i" * 257, "t")]), ["256", "257"]),
    (Buttons("a", [Choice("", "t")]), ["in bianco"]),
    (Buttons("a", [Choice("c ", "t")]), ["spazio"]),
    (Buttons("a", [Choice("c", "t"), Choice("c", "u")]), ["“c”", "due volte"]),
    (Buttons("a", [Choice("c", "t"), Choice("d", "t")]), ["“t”", "due volte"]),
    (listing(11), ["10", "11"]),
    (listing(6, 5), ["10", "11"]),
    (listing(*[1] * 11), ["10", "11"]),
    (listing(1, 0), ["almeno una voce"]),
    (listing(1, body="a" * 4097), ["4096", "4097"]),
    (listing(1, button="b" * 21), ["20", "21"]),
    (listing(1, button=""), ["in bianco"]),
    (listing(1, header="h" * 61), ["60", "61"]),
    (listing(1, footer="f" * 61), ["60", "61"]),
    (listing(1, title="t" * 25), ["24", "25"]),
    (Listing("a", "b", [Section("", [Choice("1", "t")]), Section("s", [Choice("2", "t")])]), ["in bianco"]),
    (Listing("a", "b", [Section("s", [Choice("i" * 201, "t")])]), ["200", "201"]),
    (Listing("a", "b", [Section("s", [Choice("i", "t" * 25)])]), ["24", "25"]),
    (Listing("a", "b", [Section("s", [Choice("i", "t", "d" * 73)])]), ["72", "73"]),
    (Listing("a", "b", [Section("s", [Choice("i", "t"), Choice("i", "u")])]), ["“i”", "due volte"]),
    (Template("a" * 513, "it"), ["512"]),
    (Template("Avviso Strada", "it"), ["minuscole"]),
    (Template("avviso\n", "it"), ["minuscole"]),
    (Template("avviso", ""), ["lingua"]),
    (Template("a", "it", body=[Parameter("")]), ["“1”", "in bianco"]),
    (Template("a", "it", body=[Parameter("x", "via"), Parameter("   ", "ora")]), ["“ora”", "in bianco"]),
    (Template("a", "it", body=[Parameter("a\nb")]), ["a capo"]),
    (Template("a", "it", body=[Parameter("a\rb")]), ["a capo"]),
    (Template("a", "it", body=[Parameter("a\tb")]), ["tabulazioni"]),
    (Template("a", "it", body=[Parameter("a     b")]), ["4 spazi"]),
    (Template("a", "it", body=[Parameter("p" * 1025)]), ["1024", "1025"]),
    (Template("a", "it", body=[Parameter("p" * 600), Parameter("p" * 600)]), ["1024", "1200"]),
    (Template("a", "it", body=[Parameter("x", "via"), Parameter("y")]), ["nessuno"]),
    (Template("a", "it", body=[Parameter("x", "via"), Parameter("y", "via")]), ["“via”", "due volte"]),
    (Template("a", "it", header_text=Parameter("h" * 61)), ["60", "61"]),
    (
        Template("a", "it", header_text=Parameter("h"), header_media_kind="image", header_media_id="7"),
        ["non tutti e due"],
    ),
    (Template("a", "it", header_media_kind="audio", header_media_id="7"), ["foto"]),
    (Template("a", "it", header_media_kind="image"), ["caricato"]),
    (Template("a", "it", buttons=[TemplateButton(n, "url", "x") for n in range(11)]), ["10", "11"]),
    (Template("a", "it", buttons=[TemplateButton(0, "url", "")]), ["in bianco"]),
    (Template("a", "it", buttons=[TemplateButton(0, "phone", "x")]), ["riempire"]),
    (Template("a", "it", buttons=[TemplateButton(0, "quick_reply", "p" * 129)]), ["128", "129"]),
    (
        Template("a", "it", buttons=[TemplateButton(0, "url", "x"), TemplateButton(0, "url", "y")]),
        ["stesso pulsante"],
    ),
    (Reaction("", "👍"), ["messaggio"]),
    (Reaction("wamid.B", "bene"), ["emoji"]),
]
