# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An outlet that nobody in ``src/`` knows goes the whole way: written, previewed, sent, lost, found, tried again, told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.channel.models import Post
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Fanout
from arengo.delivery.sending import announced
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Corrects, NotNow, Retries, Shows, Stops, Withdraws
from tests.factories.newsroom import draft, publish
from tests.newsroom.pages import ROOT, Browse, Write, filled, words
from tests.seams.board.machine import Board

ALL = ("list", "channel", "board")


def carry_out(town: Organization, update: Update) -> Update:
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    return update


def test_the_editor_offers_it_draws_it_and_says_what_does_not_fit(
    board: Board, town: Organization, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    page = client.get(f"{ROOT}nuovo/").content.decode()
    assert 'value="board"' in page
    shown = client.post(f"{ROOT}anteprima/", filled(outlets=["board"], title="Mercato")).content.decode()
    assert '<pre class="board">MERCATO</pre>' in shown
    assert "Solo sul tabellone" in shown
    refused = words(client.post(f"{ROOT}nuovo/", filled(outlets=["board"], title="a" * 41, action="send")))
    assert "Il tabellone ha 40 lettere." in refused


def test_the_question_before_sending_speaks_of_it(
    board: Board, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    page = words(client.get(f"{ROOT}{write(outlets=ALL).pk}/invio/"))
    assert (
        "Sul loro telefono, sul canale pubblico, dove lo legge chiunque, e sul tabellone di piazza Roma."
        in page
    )
    assert "Invia a 3 persone, al canale e al tabellone" in page
    alone = words(client.get(f"{ROOT}{write(outlets=('board',)).pk}/invio/"))
    assert "Accendi il tabellone" in alone
    assert "Nulla: la corrente è della piazza." in alone


def test_an_outlet_that_is_out_of_reach_holds_the_update_back_in_words(
    board: Board, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    board.off = True
    update = write(outlets=ALL)
    assert "Tabellone: è spento." in words(browse(edo).get(f"{ROOT}{update.pk}/modifica/"))
    with pytest.raises(publishing.NotReady):
        publish(town, update, edo)


@pytest.mark.parametrize("moods", [["late"], ["lost"], ["late", "lost", "lost", "late"]])
def test_what_answers_late_or_loses_its_answer_shows_the_text_once(
    board: Board, town: Organization, write: Write, edo: Person, moods: list[str]
) -> None:
    board.behave(moods)
    update = publish(town, write(outlets=ALL), edo)
    for _time in moods:
        with pytest.raises(NotNow):
            publishing.carry_out(town.pk, update.pk)
    assert (Post.objects.count(), Fanout.objects.count()) == (1, 1), "the others do not wait for it"
    assert carry_out(town, update).state == Update.State.PUBLISHED
    placement = Placement.objects.get(outlet="board")
    assert board.lines == {placement.key: "GLI APPUNTAMENTI DELLA SETTIMANA"}
    assert (placement.state, placement.reference, placement.detail) == (
        Placement.State.DONE, "1", {"line": 1},
    )  # fmt: skip
    assert len(board.asked) == len(moods) + 1


def test_what_failed_is_tried_again_by_a_press_and_told_in_the_log(
    board: Board, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = publish(town, write(outlets=("channel", "board")), edo)
    board.off = True
    assert carry_out(town, update).state == Update.State.PUBLISHED
    client = browse(edo)
    assert "Il tabellone è spento." in words(client.get(f"{ROOT}{update.pk}/"))
    board.off = False
    client.post(f"{ROOT}{update.pk}/board/riprova/")
    carry_out(town, update)
    assert "uscito: GLI APPUNTAMENTI DELLA SETTIMANA" in words(client.get(f"{ROOT}{update.pk}/andamento/"))
    assert AuditEntry.objects.get(verb="newsroom.retried").detail == {"outlet": "board"}


def test_what_it_can_do_is_asked_of_it(
    board: Board, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = publish(town, write(outlets=("board",)), edo)
    carry_out(town, update)
    placement, outlet = Placement.objects.get(), registry.find("board")
    assert isinstance(outlet, Withdraws)
    assert isinstance(outlet, Corrects)
    assert isinstance(outlet, Shows)
    assert not isinstance(outlet, Stops | Retries)
    assert browse(edo).post(f"{ROOT}{update.pk}/ferma/").status_code == 404
    outlet.correct(placement, draft(title="Corretto"), by=edo)
    assert board.lines == {placement.key: "CORRETTO"}
    assert outlet.withdraw(placement, by=edo).done
    assert not outlet.withdraw(placement, by=edo).done
    assert board.lines == {}


def test_its_page_is_where_a_quoted_update_can_be_read(
    board: Board, town: Organization, write: Write, edo: Person
) -> None:
    carry_out(town, publish(town, write(outlets=("list", "board")), edo))
    fanout = Fanout.objects.get()
    assert announced.of([fanout.pk])[fanout.pk].href == "https://tabellone.example.it/"


def test_an_outlet_that_is_gone_is_told_of_in_drafts_and_on_sent_updates(
    board: Board, town: Organization, write: Write, edo: Person, browse: Callable[..., Client]
) -> None:
    unsent, waiting = write(outlets=ALL), publish(town, write(outlets=("channel", "board")), edo)
    sent = carry_out(town, publish(town, write(outlets=("board",)), edo))
    registry._outlets.pop("board")
    client = browse(edo)
    editor = words(client.get(f"{ROOT}{unsent.pk}/modifica/"))
    assert "doveva uscire anche su «board», che Arengo non ha più" in editor
    assert "Arengo non ha più questa uscita" in words(client.get(f"{ROOT}{sent.pk}/"))
    assert "Solo su: board" in words(client.get(ROOT))
    carry_out(town, waiting)
    assert "Arengo non ha più questa uscita: «board»." in words(client.get(f"{ROOT}{waiting.pk}/"))
    client.post(f"{ROOT}{unsent.pk}/modifica/", filled(version="1"))
    unsent.refresh_from_db()
    assert unsent.outlets == ["list", "channel"]
