# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sent exactly once, to the end, to the list and to the channel."""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity, Subscription
from arengo.channel.models import Post
from arengo.core.images import PictureBusy
from arengo.core.models import AuditEntry, LiveEvent, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, Fanout, MessageTemplate, Sender, Urgency
from arengo.newsroom import publishing, writing
from arengo.newsroom.kinds.news.kind import News
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base.contract import NotNow
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from arengo.platforms.contract import Outgoing, Template
from tests.factories.newsroom import draft, jobs_of, publish
from tests.support.waiting import NEVER


def test_sending_marks_the_update_and_defers_one_job(
    town: Organization, write: Callable[..., Update], edo: Person
) -> None:
    update = publish(town, write(), edo)
    assert update.state == Update.State.SENDING
    assert update.sent_by == edo
    assert jobs_of(update) == 1
    assert AuditEntry.objects.get(verb="newsroom.published").detail == {
        "outlets": ["list", "channel"],
        "recipients": 3,
    }


def test_it_reaches_every_subscriber_and_the_channel(
    town: Organization, write: Callable[..., Update], edo: Person, sender: Sender
) -> None:
    update = publish(town, write(), edo)
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    fanout = Fanout.objects.get()
    assert update.state == Update.State.PUBLISHED
    assert (fanout.total, fanout.filled_at is not None, fanout.topic) == (3, True, f"update:{update.pk}")
    assert fanout.price_category == "marketing"
    message = msgspec.json.decode(fanout.outgoing, type=Outgoing)
    assert isinstance(message, Template)
    assert (message.name, message.language) == ("arengo_notizie_2", "it")
    assert [(value.name, value.text) for value in message.body] == [
        ("titolo", "Gli appuntamenti della settimana"),
        (
            "notizia_1",
            "Sabato il mercato si sposta in piazza Roma 👉 https://www.comune.example.it/mercato",
        ),
        ("notizia_2", "La biblioteca apre anche di sera 👉 https://www.comune.example.it/biblioteca"),
    ]
    assert [(button.index, button.kind, button.value) for button in message.buttons] == [
        (0, "quick_reply", "arengo:leave")
    ]
    post = Post.objects.get()
    assert [item.url for item in post.items] == [
        "https://www.comune.example.it/mercato",
        "https://www.comune.example.it/biblioteca",
    ]
    assert LiveEvent.objects.filter(topic=f"update:{update.pk}").exists()


def test_who_stopped_news_at_the_platform_is_spared_and_counted(
    town: Organization, write: Callable[..., Update], edo: Person, browse: Callable[..., Client]
) -> None:
    stopped = Subscription.objects.earliest("pk").identity
    Identity.objects.filter(pk=stopped.pk).update(marketing_stopped_at=timezone.now())
    update = publish(town, write(), edo)
    publishing.carry_out(town.pk, update.pk)
    assert (Fanout.objects.get().total, Placement.objects.get(outlet=LIST).detail["spared"]) == (2, 1)
    page = browse(edo).get(f"/console/redazione/{update.pk}/").content.decode()
    assert "1 iscritto ha fermato le notizie su WhatsApp" in page


def test_an_alert_reaches_who_stopped_news_too(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Identity.objects.update(marketing_stopped_at=timezone.now())
    monkeypatch.setattr(News, "urgency", Urgency.ALERT)
    update = publish(town, write(), edo)
    publishing.carry_out(town.pk, update.pk)
    fanout = Fanout.objects.get()
    assert (fanout.total, fanout.urgency, Placement.objects.get(outlet=LIST).detail["spared"]) == (
        3,
        Urgency.ALERT,
        0,
    )


def test_the_image_is_uploaded_once_and_goes_both_ways(
    town: Organization, write: Callable[..., Update], edo: Person, uploads: list[str]
) -> None:
    update = publish(town, write(photo=True), edo)
    publishing.carry_out(town.pk, update.pk)
    message = msgspec.json.decode(Fanout.objects.get().outgoing, type=Outgoing)
    assert isinstance(message, Template)
    assert (message.name, message.header_media_kind, message.header_media_id) == (
        "arengo_notizie_2_foto",
        "image",
        "media-1",
    )
    assert uploads == ["whatsapp"]
    post = Post.objects.get()
    assert post.image
    assert post.image_alt == "Una piazza disegnata"


def test_while_other_pictures_are_opened_the_channel_waits_its_turn(
    town: Organization,
    write: Callable[..., Update],
    edo: Person,
    uploads: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    update = publish(town, write(photo=True), edo)

    def busy(*_args: object, **_options: object) -> None:
        raise PictureBusy

    with monkeypatch.context() as crowded:
        crowded.setattr("arengo.channel.board.for_the_web", busy)
        with pytest.raises(NotNow):
            publishing.carry_out(town.pk, update.pk)
    assert not Post.objects.exists()
    publishing.carry_out(town.pk, update.pk)
    assert Post.objects.get().image


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_moment_send_once(
    town: Organization, write: Callable[..., Update], edo: Person, alice: Person
) -> None:
    update = write()
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press(person: Person, key: str) -> None:
        try:
            with organization_scope(town):
                together.wait(NEVER)
                try:
                    publish(town, update, person, key)
                    outcomes.append("sent")
                except publishing.NoLongerDraft:
                    outcomes.append("too late")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(person, key)) for person, key in ((edo, "a"), (alice, "b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["sent", "too late"]
    assert jobs_of(update) == 1
    assert AuditEntry.objects.filter(verb="newsroom.published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_click(town: Organization, write: Callable[..., Update], edo: Person) -> None:
    update = write()
    failures: list[BaseException] = []
    together = threading.Barrier(3)

    def press() -> None:
        try:
            with organization_scope(town):
                together.wait(NEVER)
                publish(town, update, edo)
        except BaseException as error:  # noqa: BLE001  # handed to the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failures == []
    assert jobs_of(update) == 1


def test_the_job_twice_changes_nothing(town: Organization, write: Callable[..., Update], edo: Person) -> None:
    update = publish(town, write(), edo)
    publishing.carry_out(town.pk, update.pk)
    publishing.carry_out(town.pk, update.pk)
    assert (Fanout.objects.count(), Delivery.objects.count(), Post.objects.count()) == (1, 3, 1)


def test_who_left_before_the_job_came_gets_nothing(
    town: Organization, write: Callable[..., Update], edo: Person
) -> None:
    update = publish(town, write(), edo)
    first = Subscription.objects.earliest("pk")
    first.active = False
    first.save()
    publishing.carry_out(town.pk, update.pk)
    assert Delivery.objects.count() == 2


def test_a_changed_text_is_not_sent_by_who_has_not_read_it(
    town: Organization, write: Callable[..., Update], edo: Person, alice: Person
) -> None:
    seen = write()
    writing.save(seen.pk, draft(title="Un altro titolo"), version=seen.version, by=alice)
    with pytest.raises(publishing.EditedMeanwhile):
        publish(town, seen, edo)
    assert jobs_of(seen) == 0


@pytest.mark.parametrize(
    "obstacle", ["no subscribers", "no template", "stopped sender", "no sender", "incomplete"]
)
def test_what_is_not_ready_does_not_leave(
    town: Organization, write: Callable[..., Update], edo: Person, obstacle: str
) -> None:
    update = write(title="" if obstacle == "incomplete" else "Titolo")
    if obstacle == "no subscribers":
        Subscription.objects.update(active=False)
    elif obstacle == "no template":
        MessageTemplate.objects.all().delete()
    elif obstacle == "stopped sender":
        Sender.objects.update(state=Sender.State.STOPPED)
    elif obstacle == "no sender":
        MessageTemplate.objects.all().delete()
        Sender.objects.all().delete()
    with pytest.raises(publishing.NotReady):
        publish(town, update, edo)
    update.refresh_from_db()
    assert update.is_draft
    assert jobs_of(update) == 0


def test_the_channel_alone_needs_no_sender(
    town: Organization, write: Callable[..., Update], edo: Person
) -> None:
    MessageTemplate.objects.all().delete()
    Sender.objects.all().delete()
    update = publish(town, write(outlets=("channel",)), edo)
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    assert (update.state, Post.objects.count(), Fanout.objects.count()) == (Update.State.PUBLISHED, 1, 0)


def test_a_strangers_update_cannot_be_sent(
    altrove: Organization, carlo: Person, town: Organization, write: Callable[..., Update]
) -> None:
    update = write()
    with organization_scope(altrove), pytest.raises(Update.DoesNotExist):
        publishing.publish(altrove, update.pk, by=carlo, key="x", version=1)
