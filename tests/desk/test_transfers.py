# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""As long as the platform keeps a file it is tried again, and whatever happens to its job, the file ends."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import LiveEvent, Organization, Person
from arengo.core.vault import VaultError
from arengo.delivery.models import Sender
from arengo.delivery.senders import activation
from arengo.desk import replying, transfers
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.desk.road import Writes, jobs as deferred
from tests.desk.transferring import fetch, later, platform_does, run_due, send
from tests.factories.core import STRANGER_HOST
from tests.factories.desk import photo_said, said
from tests.factories.pictures import picture
from tests.factories.platforms import credentials

pytestmark = pytest.mark.django_db

State = Attachment.State
PHOTO = (picture(), "image/jpeg")
TOKEN = Refusal(Remedy.STOP_SENDER, code=190, title="Invalid OAuth access token")
AWAY = Refusal(Remedy.RETRY, title="ClientConnectorError")
GONE = Refusal(Remedy.NEVER, code=100, title="does not exist")


@pytest.mark.parametrize(
    "trouble",
    [
        TOKEN,
        AWAY,
        Refusal(Remedy.RETRY, code=131000),
        Refusal(Remedy.STOP_SENDER, title="HTTP 404"),
        Refusal(Remedy.STOP_SENDER, code=131031),
        Refusal(Remedy.RETRY_LATER, code=4, retry_after=300),
        GONE,
        Refusal(Remedy.NEVER, code=999, details="Something new"),
        VaultError("no key"),
        ValueError("our own"),
        OperationalError("the database is away"),
        OSError(errno.EIO, "the disk"),
    ],
    ids=str,
)
def test_whatever_stopped_it_the_file_comes_by_itself_once_that_is_over(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    platform_does(monkeypatch, "download", trouble)
    for _time in range(4):
        fetch(photo)
        assert photo.state == State.PENDING
        assert photo.next_at is not None
        assert photo.next_at > timezone.now()
        assert photo.cause
    platform_does(monkeypatch, "download", PHOTO)
    assert run_due() == 0, "before its time nothing is tried"
    later(photo, hours=1)
    assert run_due() == 1
    photo.refresh_from_db()
    assert photo.state == State.READY
    assert run_due() == 0


def test_pauses_grow_and_have_an_end(photo: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    platform_does(monkeypatch, "download", AWAY)
    pauses = []
    for _time in range(12):
        fetch(photo)
        assert photo.next_at is not None
        pauses.append(round((photo.next_at - timezone.now()).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[0] <= 10
    assert max(pauses) == 3600


def test_after_seven_days_whatsapp_keeps_it_no_more_and_the_screen_says_so(
    photo: Attachment, olga: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = platform_does(monkeypatch, "download", AWAY)
    assert photo.kept_until is not None
    assert timedelta(days=6, hours=23) < photo.kept_until - timezone.now() <= timedelta(days=7)
    fetch(photo)
    later(photo, days=8)
    assert run_due() == 1, "a last try"
    photo.refresh_from_db()
    assert (photo.state, len(calls)) == (State.GONE, 2)
    assert run_due() == 0
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[photo.message.conversation_id])).text
    assert "7 giorni" in page
    assert "Riprova a scaricare" not in page


def test_the_last_try_is_at_the_very_end(photo: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    platform_does(monkeypatch, "download", AWAY)
    Attachment.objects.update(tries=50, kept_until=timezone.now() + timedelta(minutes=3))
    fetch(photo)
    assert photo.next_at == photo.kept_until


def test_a_no_in_doubt_is_believed_when_it_was_said_several_times_in_a_row(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", GONE)
    for _time in range(transfers.BELIEVED - 1):
        fetch(photo)
    platform_does(monkeypatch, "download", AWAY)
    fetch(photo)
    platform_does(monkeypatch, "download", GONE)
    for _time in range(transfers.BELIEVED):
        assert photo.state == State.PENDING
        fetch(photo)
    assert photo.state == State.GONE


def test_a_file_beyond_100_mb_is_said_to_be_too_large(
    photo: Attachment, olga: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", Refusal(Remedy.NEVER, code=-20))
    fetch(photo)
    assert photo.state == State.TOO_LARGE
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[photo.message.conversation_id])).text
    assert "è troppo grande" in page
    assert "Riprova a scaricare" not in page


@pytest.mark.parametrize("kind", ["unsupported", "video", "document"])
def test_one_that_whatsapp_did_not_hand_out_is_said_to_be_over_100_mb(
    write: Writes, anna: Identity, olga: Person, client: Client, kind: str
) -> None:
    write(said(anna, "", kind=kind, error=131052))
    attachment = Attachment.objects.get()
    assert attachment.state == State.TOO_LARGE
    assert deferred("desk.fetch_media") == []
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[attachment.message.conversation_id])).text
    assert "100 MB" in page
    assert "WhatsApp non ci consegna. Se serve" not in page


def test_another_error_in_the_place_of_a_message_is_said_too(
    write: Writes, anna: Identity, olga: Person, client: Client
) -> None:
    write(said(anna, "", kind="unsupported", error=131060))
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[Conversation.objects.get().pk])).text
    assert "in questo momento non può mostrare" in page


@pytest.mark.parametrize("trouble", [TOKEN, AWAY, GONE], ids=str)
def test_words_about_sending_are_not_used_for_receiving(
    photo: Attachment, olga: Person, client: Client, monkeypatch: pytest.MonkeyPatch, trouble: Refusal
) -> None:
    platform_does(monkeypatch, "download", trouble)
    fetch(photo)
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[photo.message.conversation_id])).text
    page = page.replace("un testo non inviato", "")  # of a colleague, for a script
    assert "Nuovo tentativo" in page
    assert "Riprova a scaricare" in page
    for words in ("invii sono fermi", "accettato il messaggio", "non inviato", "lo sto scaricando"):
        assert words not in page


@pytest.mark.parametrize("mend", ["resume", "token"])
def test_a_sender_that_works_again_brings_its_files_over_at_once(
    photo: Attachment, sender: Sender, alice: Person, monkeypatch: pytest.MonkeyPatch, mend: str
) -> None:
    platform_does(monkeypatch, "download", GONE)
    for _time in range(transfers.BELIEVED):
        fetch(photo)
    assert photo.state == State.GONE
    if mend == "resume":
        activation.resume(sender, by=alice)
    else:
        sender.credentials = credentials()
        sender.save()
        activation.changed(sender)
    assert deferred("desk.take_up_files") == [{"timestamp": 0}]
    activation.changed(sender)
    assert len(deferred("desk.take_up_files")) == 1, "asked for once"
    platform_does(monkeypatch, "download", PHOTO)
    assert run_due() == 1
    photo.refresh_from_db()
    assert photo.state == State.READY


def test_one_file_that_comes_through_wakes_the_others(
    write: Writes, anna: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(photo_said(anna, "una"), photo_said(anna, "due"))
    first, second = Attachment.objects.order_by("pk")
    platform_does(monkeypatch, "download", AWAY)
    for _time in range(8):
        fetch(first)
        fetch(second)
    Attachment.objects.update(tried_at=timezone.now() - timedelta(minutes=6))
    platform_does(monkeypatch, "download", PHOTO)
    fetch(first)
    assert deferred("desk.take_up_files") == [{"timestamp": 0}]
    assert run_due() == 1
    second.refresh_from_db()
    assert second.state == State.READY


# --- our_document ---


@pytest.mark.parametrize("trouble", [TOKEN, AWAY, ValueError("our own")], ids=str)
def test_our_file_waits_for_the_sender_and_goes(
    our_document: Message, olga: Person, client: Client, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    platform_does(monkeypatch, "upload", trouble)
    send(our_document)
    attachment = Attachment.objects.get(message=our_document)
    assert attachment.state == State.PENDING
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[our_document.conversation_id])).text
    assert "Nuovo tentativo alle" in page
    platform_does(monkeypatch, "upload", "media-9")
    later(attachment, minutes=30)
    assert run_due() == 1
    our_document.refresh_from_db()
    assert our_document.delivery is not None


def test_our_file_is_given_up_when_the_citizen_cannot_be_answered_any_more(
    our_document: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "upload", AWAY)
    send(our_document)
    attachment = Attachment.objects.get(message=our_document)
    later(attachment, days=2)
    assert run_due() == 1
    attachment.refresh_from_db()
    assert attachment.state == State.FAILED
    assert replying.can_retry(Message.objects.select_related("attachment").get(pk=our_document.pk))


# --- the button ---


def press(client: Client, attachment: Attachment) -> Any:
    return client.post(reverse("desk:fetch", args=[attachment.pk]), headers={"HX-Request": "true"})


@pytest.fixture
def waiting(photo: Attachment, monkeypatch: pytest.MonkeyPatch) -> Attachment:
    platform_does(monkeypatch, "download", AWAY)
    fetch(photo)
    return photo


def test_a_press_tries_it_at_once_and_a_second_press_no_more(
    waiting: Attachment, olga: Person, client: Client
) -> None:
    before = len(deferred("desk.fetch_media"))
    LiveEvent.objects.all().delete()
    client.force_login(olga)
    page = press(client, waiting)
    assert page.status_code == 200
    assert "lo sto scaricando…" in page.text
    assert press(client, waiting).status_code == 200
    assert len(deferred("desk.fetch_media")) == before + 1
    assert f"conversation:{waiting.message.conversation_id}" in LiveEvent.objects.values_list(
        "topic", flat=True
    )


def test_a_press_while_it_is_being_brought_over_does_nothing(
    photo: Attachment, olga: Person, client: Client
) -> None:
    client.force_login(olga)
    assert press(client, photo).status_code == 200
    assert len(deferred("desk.fetch_media")) == 1


@pytest.mark.parametrize("state", [State.READY, State.TOO_LARGE])
def test_a_press_on_one_that_ended_does_nothing(
    waiting: Attachment, olga: Person, client: Client, state: State
) -> None:
    Attachment.objects.update(state=state)
    client.force_login(olga)
    assert press(client, waiting).status_code == 200
    assert len(deferred("desk.fetch_media")) == 1


def test_who_only_reads_has_no_button(waiting: Attachment, rita: Person, edo: Person, client: Client) -> None:
    client.force_login(rita)
    page = client.get(reverse("desk:conversation", args=[waiting.message.conversation_id]))
    assert "Riprova a scaricare" not in page.text
    assert press(client, waiting).status_code == 403


def test_carlo_of_another_organization_finds_no_file_to_try(
    waiting: Attachment, carlo: Person, browse: Callable[..., Client]
) -> None:
    assert press(browse(carlo, STRANGER_HOST), waiting).status_code == 404


def test_each_room_takes_up_its_own_however_many_organizations(
    photo: Attachment, altrove: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    Attachment.objects.update(next_at=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        transfers.take_up()
    assert len(asked) < 12
    assert deferred("desk.fetch_media")[-1]["organization_id"] == photo.organization_id


def test_the_platform_says_how_long_it_keeps_a_file() -> None:
    assert WhatsApp().receiving.kept == timedelta(days=7)
