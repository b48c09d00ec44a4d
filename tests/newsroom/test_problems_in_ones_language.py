# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why an update did not go out is read in the reader's language, not in the worker's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from arengo.core.images import PictureBusy, PictureRefused
from arengo.core.images.refusals import DamagedPicture
from arengo.core.models import Organization, Person
from arengo.core.sentences import gettext
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.queue import outbox
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base.contract import NotNow
from arengo.newsroom.outlets.channel import outlet as channel_outlet
from arengo.newsroom.outlets.whatsapp_list import placing
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.whatsapp import limits
from tests.factories.newsroom import publish

Write = Callable[..., Update]


def both(read: Callable[[], str]) -> tuple[str, str]:
    with translation.override("en"):
        english = read()
    with translation.override("it"):
        return read(), english


def problem_of(update: Update, outlet: str) -> tuple[str, str]:
    return both(lambda: str(Placement.objects.get(update=update, outlet=outlet).problem))


def refused(*given: object, **more: object) -> str:
    raise Refusal(Remedy.NEVER, code=131053, title="Media upload error")


@pytest.mark.parametrize("worker", ["it", "en"])
def test_a_refused_picture(
    town: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch, worker: str
) -> None:
    update = publish(town, write(photo=True), edo)
    monkeypatch.setattr(placing, "call", refused)
    with translation.override(worker):
        publishing.carry_out(town.pk, update.pk)
    italian, english = problem_of(update, "list")
    assert "L'immagine non è arrivata a WhatsApp" in italian
    assert "131053: Media upload error" in italian
    assert "non è arrivata" not in english
    assert "131053: Media upload error" in english


@pytest.mark.parametrize("worker", ["it", "en"])
def test_a_draft_that_came_back_says_all_reasons_in_one_language(
    town: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch, worker: str
) -> None:
    update = publish(town, write(), edo)
    MessageTemplate.objects.update(status="REJECTED", reason="INVALID_FORMAT")
    publish_post = channel_outlet.publish_post

    def damaged(*given: object, **more: object) -> object:
        raise DamagedPicture

    monkeypatch.setattr(channel_outlet, "publish_post", damaged)
    with translation.override(worker):
        publishing.carry_out(town.pk, update.pk)
    monkeypatch.setattr(channel_outlet, "publish_post", publish_post)

    def read() -> str:
        update.refresh_from_db()
        return str(update.problem)

    italian, english = both(read)
    assert "Meta ha rifiutato il modello" in italian
    assert "formato non valido" in italian
    assert "L'immagine non si legge più" in italian
    for words in ("Meta ha rifiutato", "formato non valido", "L'immagine"):
        assert words not in english


@pytest.mark.parametrize("worker", ["it", "en"])
def test_a_picture_that_waits_and_then_gives_up(
    town: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch, worker: str
) -> None:
    update = publish(town, write(outlets=("channel",)), edo)

    def busy(*given: object, **more: object) -> object:
        raise PictureBusy

    monkeypatch.setattr(channel_outlet, "publish_post", busy)
    with translation.override(worker), pytest.raises(NotNow):
        publishing.carry_out(town.pk, update.pk)
    italian, english = problem_of(update, "channel")
    assert "Altre immagini sono in lavorazione" in italian
    assert "Altre immagini" not in english
    with translation.override(worker):
        publishing.give_up(town.pk, update.pk)  # saves the same words once more
    assert problem_of(update, "channel") == (italian, english)


def test_what_a_platform_would_refuse_and_a_sender_that_is_gone(
    town: Organization, write: Write, edo: Person, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = publish(town, write(), edo)

    def unfit(*given: object, **more: object) -> object:
        long = limits._long(gettext("Intestazione"), "x" * 99, limits.HEADER)  # the words themselves
        raise outbox.UnfitMessage([long, long])

    monkeypatch.setattr(outbox, "open_fanout", unfit)
    with translation.override("en"):
        publishing.carry_out(town.pk, update.pk)
    italian, english = problem_of(update, "list")
    assert italian.count("Intestazione: al massimo 60 caratteri, qui sono 99.") == 2
    assert "Intestazione" not in english
    assert "60" in english


def test_the_page_of_the_update_says_it(
    town: Organization,
    write: Write,
    edo: Person,
    browse: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    update = publish(town, write(photo=True), edo)
    monkeypatch.setattr(placing, "call", refused)
    publishing.carry_out(town.pk, update.pk)
    Person.objects.filter(pk=edo.pk).update(language="en")
    page = browse(edo).get(update.get_absolute_url()).content.decode()
    assert "131053" in page
    assert "non è arrivata" not in page
    assert "sentences" not in page


def test_a_refusal_of_a_picture_is_a_sentence_of_two() -> None:
    words: PictureRefused = DamagedPicture()
    with translation.override("en"):
        assert "rovinata" not in words.words
    assert (
        words.words
        == "L’immagine è rovinata o incompleta. Aprila, salvala di nuovo come JPEG o PNG e riprova."
    )
