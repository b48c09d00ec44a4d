# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publishing on the channel, reading it, taking a post off it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from arengo.channel.board import publish_post, withdraw
from arengo.channel.items import Item
from arengo.channel.models import Channel, Post
from arengo.core.images import NotAPicture
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from tests.factories.pictures import market_square

ITEMS = [
    Item("Mercato in piazza domenica", "https://comune.example.it/mercato", "event"),
    Item("Via Roma chiusa\nfino a venerdì"),
]


@pytest.fixture(autouse=True)
def _own_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def post(scope: Organization) -> Post:
    return publish_post(scope, key="update-1", title="Quattro notizie", items=ITEMS)


@pytest.fixture
def stranger_post(altrove: Organization) -> Post:
    with organization_scope(altrove):
        return publish_post(altrove, key="update-1", title="Notizie di altrove", items=ITEMS)


def test_a_published_post_is_on_the_public_page_with_its_links(
    post: Post, browse: Callable[..., Client]
) -> None:
    page = browse().get("/canale/").content.decode()
    assert "Quattro notizie" in page
    assert 'href="https://comune.example.it/mercato"' in page
    assert "Via Roma chiusa" in page


def test_what_is_bold_on_the_phone_is_bold_on_the_channel(
    scope: Organization, browse: Callable[..., Client]
) -> None:
    publish_post(scope, key="bold", title="Bandi", items=[Item("Scade *venerdì* <b>subito</b>")])
    for address in ("/canale/", "/canale/feed.xml"):
        page = browse().get(address).content.decode()
        assert "<strong>venerdì</strong>" in page or "&lt;strong&gt;venerdì&lt;/strong&gt;" in page
        assert "<b>" not in page


def test_publishing_the_same_key_again_changes_nothing(scope: Organization, post: Post) -> None:
    again = publish_post(scope, key="update-1", title="Un altro titolo", items=[])
    assert again.pk == post.pk
    assert Post.objects.get().title == "Quattro notizie"


def test_the_database_itself_refuses_a_second_post_of_one_key(scope: Organization, post: Post) -> None:
    with pytest.raises(IntegrityError):
        Post.objects.create(
            organization=scope, channel=post.channel, key="update-1", title="x", published_at=timezone.now()
        )


def test_a_post_dated_later_waits_for_its_time(scope: Organization, browse: Callable[..., Client]) -> None:
    later = publish_post(
        scope, key="later", title="Domani", items=ITEMS, published_at=timezone.now() + timedelta(hours=1)
    )
    assert "Domani" not in browse().get("/canale/").content.decode()
    assert browse().get(later.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("pk", [0, 10**30])
def test_an_impossible_number_is_a_404(esempio: Organization, browse: Callable[..., Client], pk: int) -> None:
    assert browse().get(f"/canale/{pk}/").status_code == 404
    assert browse().get(f"/canale/{pk}/immagine").status_code == 404


def test_a_withdrawn_post_is_gone_from_everywhere_public(
    post: Post, edo: Person, browse: Callable[..., Client]
) -> None:
    assert withdraw(post, edo) is True
    assert browse().get(post.get_absolute_url()).status_code == 404
    assert "Quattro notizie" not in browse().get("/canale/").content.decode()
    assert "Quattro notizie" not in browse().get("/canale/feed.xml").content.decode()


def test_withdrawing_is_on_record_once(post: Post, edo: Person) -> None:
    withdraw(post, edo)
    assert withdraw(post, edo) is False
    entry = AuditEntry.objects.get(verb="channel.withdrew")
    assert (entry.person, entry.object_id) == (edo, str(post.pk))


def test_one_organization_never_serves_the_post_of_another(
    post: Post, stranger_post: Post, browse: Callable[..., Client]
) -> None:
    assert browse().get(stranger_post.get_absolute_url()).status_code == 404
    assert browse(host="altrove.test").get(stranger_post.get_absolute_url()).status_code == 200
    assert "Notizie di altrove" not in browse().get("/canale/").content.decode()
    assert "Notizie di altrove" not in browse().get("/canale/feed.xml").content.decode()


def test_a_picture_is_served_small_upright_and_without_its_metadata(
    scope: Organization, browse: Callable[..., Client]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone turned
    exif[0x010F] = "Fotocamera di prova"
    shown = publish_post(
        scope,
        key="picture",
        title="Con immagine",
        items=ITEMS,
        image=ContentFile(market_square((4000, 2000), exif=exif), name="DSC_0001.JPG"),
        image_alt="La piazza",
    )
    answer = browse().get(f"{shown.get_absolute_url()}immagine")
    with Image.open(BytesIO(b"".join(answer.streaming_content))) as served:  # type: ignore[arg-type]  # a FileResponse
        assert served.size == (800, 1600)
        assert not served.getexif()
    assert "DSC_0001" not in shown.image.name
    assert 'alt="La piazza"' in browse().get("/canale/").content.decode()


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_published(scope: Organization) -> None:
    with pytest.raises(NotAPicture):
        publish_post(
            scope, key="bad", title="x", items=[], image=ContentFile(b"<svg onload=1>", name="x.jpg")
        )
    assert not Post.objects.exists()


def test_the_size_of_the_picture_is_known_without_opening_it_again(
    scope: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = ContentFile(market_square((2000, 1000)), name="a.jpg")
    post = publish_post(scope, key="p", title="x", items=[], image=image)
    monkeypatch.setattr(subprocess, "Popen", lambda *_args, **_options: pytest.fail("a picture was opened"))
    post.refresh_from_db()
    assert (post.image_width, post.image_height) == (1600, 800)
    same = publish_post(scope, key="p", title="x", items=[], image=image)
    assert same == post


def test_the_picture_of_a_withdrawn_or_a_strangers_post_is_not_served(
    scope: Organization, altrove: Organization, edo: Person, browse: Callable[..., Client]
) -> None:
    shown = publish_post(
        scope, key="p", title="x", items=[], image=ContentFile(market_square(), name="a.jpg")
    )
    address = f"{shown.get_absolute_url()}immagine"
    assert browse(host="altrove.test").get(address).status_code == 404
    withdraw(shown, edo)
    assert browse().get(address).status_code == 404


def test_the_permalink_has_what_link_previews_read(post: Post, browse: Callable[..., Client]) -> None:
    page = browse().get(post.get_absolute_url()).content.decode()
    assert '<meta property="og:title" content="Quattro notizie">' in page
    assert f'<meta property="og:url" content="http://esempio.test{post.get_absolute_url()}">' in page
    assert "Mercato in piazza domenica Via Roma chiusa" in page


def test_texts_of_a_post_are_never_markup(scope: Organization, browse: Callable[..., Client]) -> None:
    publish_post(scope, key="x", title="<b>Titolo</b>", items=[Item("<script>alert(1)</script>")])
    for path in ("/canale/", "/canale/feed.xml"):
        assert "<script>alert" not in browse().get(path).content.decode()


def test_the_feed_is_atom_with_each_post_once(post: Post, browse: Callable[..., Client]) -> None:
    answer = browse().get("/canale/feed.xml")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314  # our own feed
    names = {"a": "http://www.w3.org/2005/Atom"}
    entries = root.findall("a:entry", names)
    assert [entry.findtext("a:title", namespaces=names) for entry in entries] == ["Quattro notizie"]
    link = entries[0].find("a:link", names)
    assert link is not None
    assert link.get("href") == f"http://esempio.test{post.get_absolute_url()}"
    assert "https://comune.example.it/mercato" in (entries[0].findtext("a:summary", namespaces=names) or "")


def test_pages_announce_the_feed(post: Post, browse: Callable[..., Client]) -> None:
    assert 'type="application/atom+xml"' in browse().get("/canale/").content.decode()


def test_the_codes_lead_to_the_channel_of_this_host(
    esempio: Organization, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses: list[str] = []
    monkeypatch.setattr("arengo.core.documents.qr._code", _remembering(addresses))
    svg = browse().get("/canale/qr.svg")
    png = browse().get("/canale/qr.png?scarica=1")
    assert addresses == ["http://esempio.test/canale/"] * 2
    assert svg.content.startswith(b"<svg")
    assert "attachment" in png.headers["Content-Disposition"]
    with Image.open(BytesIO(png.content)) as drawn:
        assert drawn.width >= 1200


def _remembering(addresses: list[str]) -> Callable[[str], object]:
    from arengo.core.documents.qr import _code

    def code(address: str) -> object:
        addresses.append(address)
        return _code(address)

    return code


def test_ten_posts_a_page_in_a_fixed_number_of_questions(
    scope: Organization, browse: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(11):
        publish_post(scope, key=str(number), title=f"Notizia {number}", items=ITEMS)
    with django_assert_num_queries(5):  # host, trial of the desk, channel, count, posts
        page = browse().get("/canale/").content.decode()
    assert page.count('class="post"') == 10
    assert browse().get("/canale/?page=2").content.decode().count('class="post"') == 1


def test_an_empty_channel_says_what_will_be_there_and_makes_no_row(
    esempio: Organization, browse: Callable[..., Client]
) -> None:
    assert "Qui compariranno" in browse().get("/canale/").content.decode()
    assert not Channel.unscoped.exists()


# The console


def test_the_newsroom_sees_the_board_and_the_desk_does_not(
    post: Post, edo: Person, olga: Person, browse: Callable[..., Client]
) -> None:
    assert "Quattro notizie" in browse(edo).get("/console/canale/").content.decode()
    assert browse(olga).get("/console/canale/").status_code == 403


def test_carlo_of_another_organization_sees_no_board(
    carlo: Person, post: Post, browse: Callable[..., Client]
) -> None:
    assert browse(carlo).get("/console/canale/").status_code == 404
    assert browse(carlo).post(f"/console/canale/{post.pk}/ritira").status_code == 404
    post.refresh_from_db()
    assert post.withdrawn_at is None


def test_carlo_cannot_withdraw_it_from_his_own_console_either(
    carlo: Person, post: Post, browse: Callable[..., Client]
) -> None:
    assert browse(carlo, host="altrove.test").post(f"/console/canale/{post.pk}/ritira").status_code == 404
    post.refresh_from_db()
    assert post.withdrawn_at is None


def test_nobody_signed_in_is_sent_to_the_sign_in_page(post: Post, browse: Callable[..., Client]) -> None:
    answer = browse().post(f"/console/canale/{post.pk}/ritira")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/console/accesso/login/")


def test_an_editor_withdraws_a_post(post: Post, edo: Person, browse: Callable[..., Client]) -> None:
    answer = browse(edo).post(f"/console/canale/{post.pk}/ritira", follow=True)
    assert "non è più sul canale" in answer.content.decode()
    post.refresh_from_db()
    assert post.withdrawn_by == edo


def test_a_post_is_not_withdrawn_by_following_a_link(
    post: Post, edo: Person, browse: Callable[..., Client]
) -> None:
    page = browse(edo).get(f"/console/canale/{post.pk}/ritira")
    assert page.status_code == 200
    assert f"Ritirare «{post.title}»?" in page.content.decode()
    post.refresh_from_db()
    assert post.withdrawn_at is None
