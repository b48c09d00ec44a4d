# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names, words and files of citizens at the desk: isolated, cleaned, and never nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.core.templatetags.arengo import file_name
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import IncomingMedia
from tests.desk.road import DESK, Writes, page_of
from tests.factories.audience import citizen
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
ARABIC = "محمد علي"


def test_an_arabic_name_stands_by_itself_wherever_it_is_shown(
    write: Writes, olga: Person, browse: Browse
) -> None:
    write(said(citizen(ARABIC), "مرحبا (1)"))
    page = browse(olga).get(page_of(Conversation.objects.get())).content.decode()
    assert f"<bdi>{ARABIC}</bdi>" in page
    assert f"<title>(1) \u2068{ARABIC}\u2069 · " in page
    assert '<div class="desk-text" dir="auto">مرحبا (1)</div>' in page
    assert page.count(ARABIC) == sum(
        page.count(isolated)
        for isolated in (f"<bdi>{ARABIC}</bdi>", f"\u2068{ARABIC}\u2069", f'dir="auto">{ARABIC}')
    )


@pytest.mark.parametrize("name", ["\u2800", "\u3164\u3164", "\u115f", "\u200b", "\u202e", " \u00a0 "])
def test_a_name_that_nobody_sees_gives_way_to_the_masked_number(
    write: Writes, olga: Person, browse: Browse, name: str
) -> None:
    write(said(citizen(name, phone="+393330000041")))
    assert "+39 … 41" in browse(olga).get(DESK).content.decode()


def test_a_reply_goes_without_what_cannot_be_seen_and_says_so(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    answer = client.post(
        f"{page_of(conversation)}rispondi/", {"text": "Alle\u202e nove", "key": "k"}, follow=True
    )
    assert Message.objects.filter(author=olga).get().text == "Alle nove"
    assert "Tolto 1 carattere invisibile: dopo «Alle»." in answer.content.decode()


def test_a_file_that_hides_its_kind_is_shown_as_what_it_is(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    media = IncomingMedia(media_id="1", mime_type="application/octet-stream", filename="fattura\u202efdp.exe")
    write(said(anna, "", kind="document", media=media))
    attachment = Attachment.objects.get()
    assert attachment.filename == "fatturafdp.exe"


def test_an_older_file_is_downloaded_under_its_true_name(
    write: Writes, anna: Identity, olga: Person, browse: Browse
) -> None:
    media = IncomingMedia(media_id="1", mime_type="application/octet-stream", filename="x")
    write(said(anna, "", kind="document", media=media))
    attachment = Attachment.objects.get()
    attachment.keep_file(SimpleUploadedFile("x", b"MZ"))
    attachment.filename, attachment.state = "fattura\u202efdp.exe", Attachment.State.READY
    attachment.save()
    answer = browse(olga).get(f"{DESK}allegati/{attachment.pk}/")
    assert "fatturafdp.exe" in answer["Content-Disposition"]
    assert "fatturafdp.exe" in browse(olga).get(page_of(attachment.message.conversation)).content.decode()
    answer.close()


@pytest.mark.parametrize(
    ("name", "html"),
    [
        ("modulo.pdf", "<bdi>modulo.pdf</bdi>"),
        ("עברית.exe", '<bdi dir="ltr"><bdi>עברית</bdi>.exe</bdi>'),
        ("<b>.exe", "<bdi>&lt;b&gt;.exe</bdi>"),
        ("fattura\u202efdp.exe", "<bdi>fatturafdp.exe</bdi>"),
    ],
)
def test_a_files_extension_stays_at_its_end(name: str, html: str) -> None:
    assert file_name(name) == html
