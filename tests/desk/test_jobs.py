# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files between us and the platform."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from arengo.core.images import PictureBusy
from arengo.core.models import LiveEvent, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery
from arengo.desk import jobs, replying, transfers
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import Media, Refusal, Remedy
from tests.core.hostile_pictures import flat_png, resident, saved
from tests.desk.road import sent
from tests.desk.transferring import fetch, job, platform_does, send
from tests.factories.pictures import picture

pytestmark = pytest.mark.django_db


def test_what_a_citizen_sent_is_brought_over(photo: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = platform_does(monkeypatch, "download", (picture((900, 600)), "image/jpeg"))
    LiveEvent.objects.all().delete()
    fetch(photo)
    assert calls[0][0] == "media-1"
    assert photo.state == Attachment.State.READY
    assert (photo.width, photo.height) == (480, 320)
    with photo.file.open("rb") as stored:
        assert stored.read() == picture((900, 600))
    assert f"conversation:{photo.message.conversation_id}" in LiveEvent.objects.values_list(
        "topic", flat=True
    )


def test_fetched_once_it_is_not_fetched_again(photo: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = platform_does(monkeypatch, "download", (picture(), "image/jpeg"))
    fetch(photo)
    fetch(photo)
    assert len(calls) == 1


def test_a_picture_that_is_none_is_only_a_file(photo: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    platform_does(monkeypatch, "download", (b"<script>alert(1)</script>", "image/jpeg"))
    fetch(photo)
    assert photo.state == Attachment.State.READY
    assert not photo.thumbnail
    assert "Anteprima non disponibile" in photo.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: flat_png(8940), "troppi punti"),
        (lambda: picture((900, 600))[:2000], "rovinata"),
        (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(x) (w) file", "non è un’immagine"),
    ],
    ids=["bomb", "cut", "eps"],
)
def test_a_picture_that_cannot_be_shown_is_kept_to_be_downloaded_and_says_why(
    photo: Attachment,
    content: Callable[[], bytes],
    words: str,
    olga: Person,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    platform_does(monkeypatch, "download", (content(), "image/jpeg"))
    fetch(photo)
    assert (photo.state, bool(photo.thumbnail)) == (Attachment.State.READY, False)
    assert words in photo.reason
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[photo.message.conversation_id]))
    assert words in page.text
    served = client.get(reverse("desk:attachment", args=[photo.pk]))
    assert served["Content-Disposition"].startswith("attachment")
    assert b"".join(served.streaming_content) == content()  # type: ignore[attr-defined]  # a FileResponse


def test_a_document_is_not_opened_and_says_nothing_of_a_thumbnail(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    Message.objects.filter(pk=photo.message_id).update(kind=Message.Kind.DOCUMENT)
    platform_does(monkeypatch, "download", (b"%!PS-Adobe-3.0 EPSF-3.0", "application/postscript"))
    monkeypatch.setattr(subprocess, "Popen", lambda *_args, **_options: pytest.fail("a process was started"))
    fetch(photo)
    assert (photo.state, photo.reason, photo.mime_type) == ("ready", "", "application/postscript")


def test_a_photo_of_an_iphone_has_a_thumbnail_and_is_downloaded(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    heic = saved(Image.new("RGB", (900, 600), "navy"), "HEIF")
    platform_does(monkeypatch, "download", (heic, "application/octet-stream"))
    fetch(photo)
    assert (photo.mime_type, photo.width, photo.height) == ("image/heic", 480, 320)


def test_while_other_pictures_are_opened_it_waits_its_turn_with_its_file_safe(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = platform_does(monkeypatch, "download", (picture((900, 600)), "image/jpeg"))

    def busy(_content: object) -> None:
        raise PictureBusy

    with monkeypatch.context() as crowded:
        crowded.setattr("arengo.desk.models.files.thumbnail", busy)
        fetch(photo)
    assert (photo.state, bool(photo.file)) == (Attachment.State.PENDING, True)
    fetch(photo)
    assert (photo.state, photo.width) == (Attachment.State.READY, 480)
    assert len(calls) == 1


def test_at_the_last_attempt_it_is_shown_without_its_thumbnail(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", (picture(), "image/jpeg"))

    def busy(_content: object) -> None:
        raise PictureBusy

    monkeypatch.setattr("arengo.desk.models.files.thumbnail", busy)
    for _time in range(transfers.THUMBNAILS):
        assert photo.state == Attachment.State.PENDING
        fetch(photo)
    assert photo.state == Attachment.State.READY
    assert "troppe immagini" in photo.reason


def test_three_pictures_of_an_attack_leave_the_worker_as_it_was(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", (flat_png(8940), "image/png"))
    before = resident()
    for _time in range(3):
        Attachment.objects.update(state=Attachment.State.PENDING, file="")
        fetch(photo)
    grown = (resident() - before) / 1024 / 1024
    print(f"worker: {before / 1024 / 1024:.0f} MB before, {grown:+.0f} MB after three times 8940 × 8940")
    assert grown < 100


def test_a_lost_file_is_said_with_the_platforms_words(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", Refusal(Remedy.NEVER, code=131052, details="Media expired"))
    fetch(photo)
    assert photo.state == Attachment.State.FAILED
    assert "Media expired" in photo.reason


def test_our_document_is_handed_over_and_then_goes_out(
    our_document: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = platform_does(monkeypatch, "upload", "media-9")
    send(our_document)
    assert calls[0][:3] == (b"%PDF-1.7", "application/pdf", "modulo.pdf")
    assert sent() == Media("document", "media-9", caption="Il modulo", filename="modulo.pdf")
    our_document.refresh_from_db()
    assert our_document.delivery == Delivery.objects.get()


def test_a_job_that_runs_twice_sends_once(our_document: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    platform_does(monkeypatch, "upload", "media-9")
    send(our_document)
    Attachment.objects.update(state=Attachment.State.PENDING)
    send(our_document)
    assert Delivery.objects.count() == 1


def test_an_upload_that_is_refused_is_on_screen_with_the_reason(
    our_document: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "upload", Refusal(Remedy.NEVER, code=131053, details="Unsupported"))
    send(our_document)
    attachment = Attachment.objects.get(message=our_document)
    assert attachment.state == Attachment.State.FAILED
    assert "Unsupported" in attachment.reason
    assert replying.can_retry(Message.objects.select_related("attachment").get(pk=our_document.pk))


def test_read_and_typing_reach_the_platform(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = platform_does(monkeypatch, "mark_read", None)
    message = conversation.messages.get()
    jobs.mark_read(conversation.organization_id, message.pk, typing=True)
    assert calls == [(message.platform_message_id, {"typing": True})]


def test_a_refused_courtesy_harms_nobody(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    platform_does(monkeypatch, "mark_read", Refusal(Remedy.RETRY, code=131016))
    jobs.mark_read(conversation.organization_id, conversation.messages.get().pk)


def test_a_job_sees_its_own_organization_only(
    altrove: Organization, photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = platform_does(monkeypatch, "download", (picture(), "image/jpeg"))
    with organization_scope(altrove):
        jobs.fetch_media(job(), altrove.pk, photo.pk)
    assert calls == []
