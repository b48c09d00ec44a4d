# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel's feed keeps RFC 4287 whatever the texts hold, and says what a feed reader can show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from arengo.channel.board import channel_of, publish_post, withdraw
from arengo.channel.items import Item
from arengo.core.models import Organization, Person

ATOM = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339
_ONCE = ("id", "title", "updated")
_AT_MOST_ONCE = (
    "published",
    "summary",
    "content",
    "subtitle",
    "rights",
    "icon",
    "logo",
    "generator",
    "source",
)
_KNOWN = {"author", "category", "contributor", "link", *_ONCE, *_AT_MOST_ONCE}
Browse = Callable[..., Client]
ITEMS = [
    Item("Scade *venerdì* il bando", "https://comune.example.it/bandi/arengo_(storia)"),
    Item("Via Roma _chiusa_\nfino a sabato"),
]


@pytest.fixture(autouse=True)
def _own_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def feed(browse: Browse) -> ET.Element:
    """The feed, read by a strict parser and held against RFC 4287, section 4."""
    answer = browse().get("/canale/feed.xml")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314  # our own feed
    assert root.tag == f"{ATOM}feed"
    for part in (root, *root.findall(f"{ATOM}entry")):
        assert list(_broken(part)) == []
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return root


def _broken(part: ET.Element) -> Iterator[str]:
    is_feed = part.tag == f"{ATOM}feed"
    names = [child.tag.removeprefix(ATOM) for child in part]
    yield from (f"{name}: once" for name in _ONCE if names.count(name) != 1)
    yield from (f"{name}: at most once" for name in _AT_MOST_ONCE if names.count(name) > 1)
    yield from (
        f"{name}: unknown" for name in names if name not in _KNOWN | ({"entry"} if is_feed else set())
    )
    if is_feed and "author" not in names:
        yield "author"
    for date in ("updated", "published"):
        said = part.findtext(f"{ATOM}{date}")
        if said is not None and not _DATE.fullmatch(said):
            yield f"{date}: {said}"
    for link in part.findall(f"{ATOM}link"):
        if not link.get("href"):
            yield "a link without href"
    relations = [link.get("rel", "alternate") for link in part.findall(f"{ATOM}link")]
    if ("self" not in relations) if is_feed else ("content" not in names and "alternate" not in relations):
        yield f"links: {relations}"
    for text in ("title", "subtitle", "summary", "content", "rights"):
        found = part.find(f"{ATOM}{text}")
        if found is not None and (found.get("type", "text") not in {"text", "html"} or len(found)):
            yield f"{text}: {found.attrib}"
    if not re.match(r"https?://|urn:|tag:", part.findtext(f"{ATOM}id") or ""):
        yield "id: no IRI"


def entry(browse: Browse) -> ET.Element:
    [only] = feed(browse).findall(f"{ATOM}entry")
    return only


def test_each_entry_says_when_it_was_published_and_changed(scope: Organization, browse: Browse) -> None:
    post = publish_post(scope, key="a", title="Notizie", items=ITEMS)
    for name in ("published", "updated"):
        said = entry(browse).findtext(f"{ATOM}{name}")
        assert said is not None
        assert datetime.fromisoformat(said) == post.published_at


def test_the_feed_is_dated_by_its_newest_entry(scope: Organization, browse: Browse) -> None:
    old = publish_post(
        scope, key="a", title="Vecchia", items=ITEMS, published_at=timezone.now() - timedelta(days=3)
    )
    new = publish_post(scope, key="b", title="Nuova", items=ITEMS)
    said = datetime.fromisoformat(feed(browse).findtext(f"{ATOM}updated") or "")
    assert said == new.published_at > old.published_at


def test_a_feed_without_entries_is_the_same_each_time(esempio: Organization, browse: Browse) -> None:
    said = datetime.fromisoformat(feed(browse).findtext(f"{ATOM}updated") or "")
    assert said == esempio.created_at


def test_an_entry_is_rendered_for_feed_readers(scope: Organization, browse: Browse) -> None:
    publish_post(scope, key="a", title="*Bandi* e altro", items=ITEMS)
    found = entry(browse)
    assert found.findtext(f"{ATOM}title") == "Bandi e altro"
    html = found.findtext(f"{ATOM}content") or ""
    assert "<strong>venerdì</strong>" in html
    assert 'href="https://comune.example.it/bandi/arengo_(storia)"' in html
    assert ">Leggi tutto sul sito ufficiale</a>" in html  # and no words that a page hides from view
    assert "class=" not in html
    assert found.findtext(f"{ATOM}summary") == (
        "Scade venerdì il bando https://comune.example.it/bandi/arengo_(storia)\nVia Roma chiusa\nfino a sabato"
    )


@pytest.mark.parametrize(
    "sign",
    ["\ufffe", "\uffff", "\x01", "\x0b", "\x1f", "\x08", "\ufdd0", "\U0001fffe", "\u202e", "]]>", "&", "<"],
)
def test_no_character_of_a_text_breaks_the_feed(scope: Organization, browse: Browse, sign: str) -> None:
    scope.name = f"Comune{sign}"
    scope.save()
    channel = channel_of(scope)
    channel.title, channel.description = f"Canale{sign}", f"Notizie{sign}"
    channel.save()
    publish_post(scope, key="a", title=f"Titolo{sign}", items=[Item(f"Testo{sign}", "https://x.example/")])
    found = entry(browse)
    assert (found.findtext(f"{ATOM}title") or "").startswith("Titolo")
    assert "Testo" in (found.findtext(f"{ATOM}content") or "")


def test_a_withdrawn_post_leaves_the_feed(scope: Organization, edo: Person, browse: Browse) -> None:
    withdraw(publish_post(scope, key="a", title="Notizie", items=ITEMS), edo)
    assert feed(browse).findall(f"{ATOM}entry") == []


def test_link_previews_and_titles_have_words_without_marks(scope: Organization, browse: Browse) -> None:
    post = publish_post(scope, key="a", title="*Bandi*", items=ITEMS)
    page = browse().get(post.get_absolute_url()).content.decode()
    assert '<meta property="og:title" content="Bandi">' in page
    assert 'content="Scade venerdì il bando Via Roma chiusa fino a sabato"' in page
    assert "<title>Bandi ·" in page
    assert "<h1><bdi>Bandi</bdi></h1>" in page
