# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sent exactly once, to the end, to the list and to the channel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.audience.models import Identity, Subscription
from arengo.channel.models import Post
from arengo.core.images import PictureBusy
from arengo.core.models import AuditEntry, LiveEvent, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery import outbox
from arengo.delivery.models import Delivery, Fanout, MessageTemplate, Sender, Urgency
from arengo.newsroom import outlets, publishing, writing
from arengo.newsroom.models import Outlet, Placement, Update
from arengo.platforms.contract import Address, Outgoing, Refusal, Remedy, Template
from tests.newsroom.conftest import draft, subscribe
from tests.waiting import NEVER


def publish(town: Organization, update: Update, by: Person, key: str = "page-1") -> Update:
    return publishing.publish(town, update.pk, by=by, key=key, version=update.version)


def jobs_of(update: Update) -> int:
    return ProcrastinateJob.objects.filter(
        task_name="newsroom.send_update", args__update_id=update.pk
    ).count()


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every upload of an image, instead of the platform; each answers with a media id."""
    done: list[str] = []

    def call(name: str, act: object, *, within: float = 30.0) -> str:
        done.append(name)
        return f"media-{len(done)}"

    monkeypatch.setattr(outlets, "call", call)
    return done


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
    assert (Fanout.objects.get().total, Placement.objects.get(outlet=Outlet.LIST).spared) == (2, 1)
    page = browse(edo).get(f"/console/redazione/{update.pk}/").content.decode()
    assert "1 iscritto ha fermato le notizie su WhatsApp" in page


def test_an_alert_reaches_who_stopped_news_too(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Identity.objects.update(marketing_stopped_at=timezone.now())
    monkeypatch.setattr(Update.Kind, "urgency", property(lambda _kind: Urgency.ALERT))
    update = publish(town, write(), edo)
    publishing.carry_out(town.pk, update.pk)
    fanout = Fanout.objects.get()
    assert (fanout.total, fanout.urgency, Placement.objects.get(outlet=Outlet.LIST).spared) == (
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
        with pytest.raises(outlets.NotNow):
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


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the code may catch it."""


@pytest.mark.parametrize("where", ["after opening", "between chunks", "before closing", "after the post"])
def test_a_killed_job_goes_on_without_a_second_message(
    town: Organization,
    write: Callable[..., Update],
    edo: Person,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    subscribe(town, sender, 7, first=10)
    monkeypatch.setattr(outlets, "_CHUNK", 4)
    update = publish(town, write(), edo)
    filled: list[int] = []
    real_fill, real_close, real_post = outbox.fill, outbox.close_fanout, outlets.publish_post

    def fill(fanout: Fanout, addresses: Iterable[Address]) -> int:
        if where == "after opening" or (where == "between chunks" and filled):
            raise Killed
        filled.append(real_fill(fanout, addresses))
        return filled[-1]

    def close(fanout: Fanout) -> None:
        if where == "before closing":
            raise Killed
        real_close(fanout)

    def post(*args: Any, **kwargs: Any) -> Post:
        made = real_post(*args, **kwargs)
        if where == "after the post":
            raise Killed
        return made

    with monkeypatch.context() as dying:
        dying.setattr(outbox, "fill", fill)
        dying.setattr(outbox, "close_fanout", close)
        dying.setattr(outlets, "publish_post", post)
        with pytest.raises(Killed):
            publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    assert update.state == Update.State.SENDING

    Update.objects.update(sent_at=timezone.now() - timezone.timedelta(minutes=5))
    assert publishing.resume() == 1
    update.refresh_from_db()
    assert update.state == Update.State.PUBLISHED
    assert (Fanout.objects.count(), Delivery.objects.count(), Post.objects.count()) == (1, 10, 1)
    assert Fanout.objects.get().total == 10
    assert publishing.resume() == 0


def test_who_left_before_the_job_came_gets_nothing(
    town: Organization, write: Callable[..., Update], edo: Person
) -> None:
    update = publish(town, write(), edo)
    first = Subscription.objects.earliest("pk")
    first.active = False
    first.save()
    publishing.carry_out(town.pk, update.pk)
    assert Delivery.objects.count() == 2


def test_a_busy_platform_is_tried_again_and_the_channel_does_not_wait(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = publish(town, write(photo=True), edo)

    def busy(*args: object, **kwargs: object) -> str:
        raise Refusal(Remedy.RETRY, code=131016, title="Service overloaded")

    with monkeypatch.context() as patch:
        patch.setattr(outlets, "call", busy)
        with pytest.raises(outlets.NotNow):
            publishing.carry_out(town.pk, update.pk)
    assert Post.objects.count() == 1
    waiting = Placement.objects.get(outlet=Outlet.LIST)
    assert waiting.state == Placement.State.WAITING
    assert "131016" in waiting.problem

    monkeypatch.setattr(outlets, "call", lambda *args, **kwargs: "media-1")
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    assert update.state == Update.State.PUBLISHED
    assert Delivery.objects.count() == 3


def test_a_refused_image_brings_a_list_only_update_back_among_the_drafts(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = publish(town, write(photo=True, outlets=("list",)), edo)

    def refuse(*args: object, **kwargs: object) -> str:
        raise Refusal(Remedy.NEVER, code=131053, title="Media upload error")

    with monkeypatch.context() as patch:
        patch.setattr(outlets, "call", refuse)
        publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    assert update.is_draft
    assert "131053" in update.problem
    assert update.items.count() == 2
    assert Delivery.objects.count() == 0

    monkeypatch.setattr(outlets, "call", lambda *args, **kwargs: "media-1")
    publish(town, update, edo, key="page-2")
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    assert (update.state, update.problem) == (Update.State.PUBLISHED, "")


def test_a_list_that_failed_while_the_channel_went_out_is_tried_again_alone(
    town: Organization, write: Callable[..., Update], edo: Person
) -> None:
    update = publish(town, write(), edo)
    MessageTemplate.objects.update(status="PAUSED")
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    on_list = Placement.objects.get(outlet=Outlet.LIST)
    assert (update.state, on_list.state) == (Update.State.PUBLISHED, Placement.State.FAILED)
    assert "arengo_notizie_2" in on_list.problem

    MessageTemplate.objects.update(status="APPROVED")
    publishing.retry_placement(on_list.pk, by=edo)
    publishing.carry_out(town.pk, update.pk)
    assert (Delivery.objects.count(), Post.objects.count()) == (3, 1)


def test_giving_up_says_why(town: Organization, write: Callable[..., Update], edo: Person) -> None:
    update = publish(town, write(outlets=("list",)), edo)
    Placement.objects.update(problem="WhatsApp è in manutenzione")
    publishing.give_up(town.pk, update.pk)
    update.refresh_from_db()
    assert (update.is_draft, update.problem) == (True, "WhatsApp è in manutenzione")


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


def test_an_error_of_our_own_ends_and_holds_up_no_other_update(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = write(), write()
    for update in (broken, fine):
        publish(town, update, edo)
    Update.objects.update(sent_at=timezone.now() - timezone.timedelta(minutes=5))
    real = publishing.place

    def place(placement: Placement, update: Update) -> None:
        if update.pk == broken.pk:
            raise ValueError("our own")
        real(placement, update)

    monkeypatch.setattr(publishing, "place", place)
    publishing.resume()
    fine.refresh_from_db()
    assert fine.state == Update.State.PUBLISHED
    for _minute in range(2 * publishing.MOST_TRIES):
        publishing.resume()
    broken.refresh_from_db()
    assert broken.state == Update.State.DRAFT
    assert "errore di Arengo" in broken.problem
    assert publishing.resume() == 0
