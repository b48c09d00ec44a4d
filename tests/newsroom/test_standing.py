# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an update stands, by what reached people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, MessageTemplate
from arengo.newsroom import publishing
from arengo.newsroom.models import Update
from arengo.newsroom.outcome.bars import WIDTH, parts
from arengo.newsroom.outcome.standing import of_figures
from arengo.newsroom.outlets.base.contract import Figures
from arengo.newsroom.outlets.channel import KEY as CHANNEL
from tests.factories.delivery import decide, lose
from tests.newsroom.pages import ROOT, Browse, Write, words


@pytest.mark.parametrize(
    ("figures", "look", "said"),
    [
        (Figures(3, 0, 0, 0, 3), "danger", "Non arrivato a nessuno"),
        (Figures(3, 3, 0, 0, 3), "danger", "Non arrivato a nessuno"),  # taken, then refused
        (Figures(2004, 2004, 0, 0, 0), "info", "Partito: aspetta le conferme di arrivo"),
        (Figures(2004, 340, 340, 12, 0, cancelled=1664, stopped=True), "warning", "Fermato: a 340 di 2.004"),
        (Figures(3, 0, 0, 0, 0, cancelled=3, stopped=True), "warning", "Fermato: non è arrivato a nessuno"),
        (Figures(10, 0, 0, 0, 0, unknown=10), "warning", "10 senza esito"),
        (Figures(1998, 1861, 1815, 1204, 127, unknown=10), "warning", "Arrivato a 1.815 di 1.998 · 10 senza esito"),
        (Figures(1991, 1991, 1973, 1402, 18), "success", "Arrivato a 1.973 di 1.991"),
        (Figures(100, 100, 89, 1, 11), "warning", "Arrivato a 89 di 100"),
        (Figures(100, 40, 10, 0, 0, waiting=60, over=False), "info", "In partenza"),
        (Figures(100, 0, 0, 0, 0, waiting=100, over=False, held_up=True), "warning", "In attesa: il mittente è fermo"),
        (Figures(2, 2, 0, 0, 0, receipts=False), "success", "Arrivato a 2 di 2"),
        (Figures(0, 0, 0, 0, 0), "warning", "Non c’era nessuno a cui inviarlo"),
    ],
)  # fmt: skip
def test_a_mailing_stands_by_whom_it_reached(figures: Figures, look: str, said: str) -> None:
    standing = of_figures(figures)
    assert (standing.look, standing.words) == (look, said)


@pytest.mark.parametrize("receipts", [True, False])
def test_the_bar_holds_each_person_once(receipts: bool) -> None:
    figures = Figures(2000, 1800, 1700, 900, 120, unknown=10, cancelled=50, waiting=20, receipts=receipts)
    bar = parts(figures)
    assert sum(part.count for part in bar) == figures.total
    assert sum(float(part.width) for part in bar) == pytest.approx(WIDTH, abs=0.5)
    assert all(float(part.width) >= 3 for part in bar if part.count), "one of thousands is seen too"


def test_a_mailing_that_failed_for_all_says_so_on_its_page_and_in_the_list(
    out: Update, edo: Person, browse: Browse
) -> None:
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Message undeliverable")
    sent, listed = words(browse(edo).get(f"{ROOT}{out.pk}/")), browse(edo).get(ROOT)
    assert "Non arrivato a nessuno" in sent
    assert "Non è arrivato a nessuno, su 3, uscito in 1 posto su 2." in sent
    assert "Non arrivato a nessuno" in words(listed)
    assert 'class="status status-danger"' in listed.content.decode()
    assert "status-success" not in listed.content.decode()


def test_stopped_and_doubtful_mailings_do_not_look_like_the_others(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    for number in range(2):
        update = write(title=f"Titolo {number}")
        publishing.publish(town, update.pk, by=edo, key="k", version=1)
        publishing.carry_out(town.pk, update.pk)
    first, second = Update.objects.order_by("pk")
    of_first = Delivery.objects.filter(fanout__topic=first.topic)
    decide(of_first.filter(pk=of_first.earliest("pk").pk), DeliveryState.DELIVERED)
    browse(edo).post(f"{ROOT}{first.pk}/ferma/")
    lose(Delivery.objects.filter(fanout__topic=second.topic))
    page = words(browse(edo).get(ROOT))
    assert "Fermato: a 1 di 3" in page
    assert "2 mai inviati" in page
    assert "3 senza esito" in page


def test_a_copy_that_did_not_come_out_is_named_in_the_list(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=1)
    MessageTemplate.objects.update(status="PAUSED")
    publishing.carry_out(town.pk, update.pk)
    assert "Non uscito: Lista WhatsApp" in words(browse(edo).get(ROOT))


def test_what_only_the_channel_shows_is_published_and_not_sent(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(outlets=(CHANNEL,))
    assert "Pubblica ora" in words(browse(edo).get(f"{ROOT}{update.pk}/modifica/"))
    question = words(browse(edo).get(f"{ROOT}{update.pk}/invio/"))
    assert "Pubblicare «Gli appuntamenti della settimana»?" in question
    assert "Invia" not in question
    publishing.publish(town, update.pk, by=edo, key="k", version=1)
    publishing.carry_out(town.pk, update.pk)
    assert "Pubblicato da Edo Esempio" in words(browse(edo).get(f"{ROOT}{update.pk}/"))
    assert "Uscito" in words(browse(edo).get(ROOT))


def test_the_preview_of_what_was_sent_shows_when_it_went(
    out: Update, write: Callable[..., Update], edo: Person, browse: Browse
) -> None:
    at = out.sent_at
    assert at is not None
    Update.objects.filter(pk=out.pk).update(sent_at=at.replace(hour=3, minute=4))
    assert 'class="bubble-time">04:04<' in browse(edo).get(f"{ROOT}{out.pk}/").content.decode()
