# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is killed, busy, refused or wrong while an update leaves: it goes on, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.utils import timezone

from arengo.channel.models import Post
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, Fanout, MessageTemplate, Sender
from arengo.delivery.queue import outbox
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base.contract import NotNow, Placed
from arengo.newsroom.outlets.channel import outlet as channel_outlet
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, placing
from arengo.platforms.contract import Address, Refusal, Remedy
from tests.factories.audience import subscribe
from tests.factories.newsroom import publish


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
    monkeypatch.setattr(placing, "_CHUNK", 4)
    update = publish(town, write(), edo)
    filled: list[int] = []
    real_fill, real_close, real_post = outbox.fill, outbox.close_fanout, channel_outlet.publish_post

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
        dying.setattr(channel_outlet, "publish_post", post)
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


def test_a_busy_platform_is_tried_again_and_the_channel_does_not_wait(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = publish(town, write(photo=True), edo)

    def busy(*args: object, **kwargs: object) -> str:
        raise Refusal(Remedy.RETRY, code=131016, title="Service overloaded")

    with monkeypatch.context() as patch:
        patch.setattr(placing, "call", busy)
        with pytest.raises(NotNow):
            publishing.carry_out(town.pk, update.pk)
    assert Post.objects.count() == 1
    waiting = Placement.objects.get(outlet=LIST)
    assert waiting.state == Placement.State.WAITING
    assert "131016" in waiting.problem

    monkeypatch.setattr(placing, "call", lambda *args, **kwargs: "media-1")
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
        patch.setattr(placing, "call", refuse)
        publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    assert update.is_draft
    assert "131053" in update.problem
    assert update.items.count() == 2
    assert Delivery.objects.count() == 0

    monkeypatch.setattr(placing, "call", lambda *args, **kwargs: "media-1")
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
    on_list = Placement.objects.get(outlet=LIST)
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


def test_an_error_of_our_own_ends_and_holds_up_no_other_update(
    town: Organization, write: Callable[..., Update], edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = write(), write()
    for update in (broken, fine):
        publish(town, update, edo)
    Update.objects.update(sent_at=timezone.now() - timezone.timedelta(minutes=5))
    real = publishing.place

    def place(placement: Placement) -> Placed:
        if placement.update_id == broken.pk:
            raise ValueError("our own")
        return real(placement)

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
