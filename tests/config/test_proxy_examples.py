# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proxy examples of the manual say the numbers that the program keeps."""

from __future__ import annotations

import re

from django.conf import settings

from arengo.accounts.organization_views import LOGO_BODY_MOST_BYTES
from arengo.config.serving import limits
from arengo.core import live
from arengo.desk.files import REPLY_MOST_BYTES
from arengo.newsroom.views import EDITOR_MOST_BYTES
from tests.config.proxies import CADDY, NGINX, PAGE

_UNIT = {"k": 1024, "m": 1024**2, "KB": 1024, "MB": 1024**2}


def nginx(name: str, location: str = "") -> str:
    block = re.search(rf"location {location} {{(.*?)}}", NGINX, re.DOTALL).group(1) if location else NGINX  # type: ignore[union-attr]
    return re.search(rf"\b{name} ([^;]+);", block).group(1)  # type: ignore[union-attr]


def size(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(\w+)", text).groups()  # type: ignore[union-attr]
    return int(number) * _UNIT[unit]


def test_nginx_says_the_same_sizes() -> None:
    lines, each = nginx("large_client_header_buffers").split()
    assert int(lines) * size(each) == limits.HEAD_MOST_BYTES
    assert size(nginx("client_max_body_size")) == limits.ANONYMOUS_MOST_BYTES
    assert size(nginx("client_max_body_size", "/console/")) == REPLY_MOST_BYTES
    assert size(nginx("client_max_body_size", "/hooks/")) == settings.ARENGO_JOURNAL_MOST_BYTES


def test_nginx_says_the_same_times() -> None:
    assert nginx("client_header_timeout") == f"{limits.HEAD_WITHIN:.0f}s"
    assert nginx("client_body_timeout") == f"{limits.BODY_SILENCE:.0f}s"
    assert nginx("send_timeout") == f"{limits.SEND_SILENCE:.0f}s"
    assert int(nginx("keepalive_timeout").rstrip("s")) < limits.IDLE_WITHIN


def test_caddy_says_the_same() -> None:
    assert size(re.search(r"max_header_size (\w+)", CADDY).group(1)) == limits.HEAD_MOST_BYTES  # type: ignore[union-attr]
    assert f"read_header {limits.HEAD_WITHIN:.0f}s" in CADDY
    assert f"idle {limits.IDLE_WITHIN}s" in CADDY
    sizes = {
        name: size(found) for name, found in re.findall(r"request_body @(\w+) {\s+max_size (\w+)", CADDY)
    }
    assert sizes == {
        "webhook": settings.ARENGO_JOURNAL_MOST_BYTES,
        "console": REPLY_MOST_BYTES,
        "public": limits.ANONYMOUS_MOST_BYTES,
    }


def test_the_table_says_the_same() -> None:
    kilo, mega = 1024, 1024**2
    for words in (
        f"{limits.HEAD_MOST_BYTES // kilo} KB, entro {limits.HEAD_WITHIN:.0f} secondi",
        f"{limits.ANONYMOUS_MOST_BYTES // kilo} KB |",
        f"{limits.SIGNED_IN_MOST_BYTES // mega} MB; {LOGO_BODY_MOST_BYTES // mega} MB per lo stemma",
        f"{EDITOR_MOST_BYTES // mega} MB per un aggiornamento, {REPLY_MOST_BYTES // mega} MB per una risposta",
        f"{settings.ARENGO_JOURNAL_MOST_BYTES // mega} MB, entro 30 secondi",
        f"{limits.BODY_SILENCE:.0f} secondi di silenzio, {limits.BODY_SLOWEST // kilo} KB al secondo",
        f"ricevuti insieme | {limits.LARGE_AT_ONCE} |",
        f"{limits.HEAD_MOST_BYTES // kilo} KB più {limits.CHUNKED_MOST_TIMES} volte il corpo",
        f"{limits.UNWANTED_MOST_BYTES // mega} MB, {limits.UNWANTED_WITHIN:.0f} secondi",
        f"{limits.SEND_SILENCE:.0f} secondi senza prendere un byte",
        f"{limits.IDLE_MOST:,} per processo, {limits.IDLE_WITHIN} secondi".replace(",", ".", 1),
        f"{limits.CONNECTIONS_MOST:,} per processo".replace(",", "."),
        f"{live.PERSON_MOST} per persona, {live.ORGANIZATION_MOST:,} per ente, {live.PROCESS_MOST:,} per processo".replace(
            "2,000", "2.000"
        ).replace("3,000", "3.000"),
    ):
        assert words in PAGE, words
