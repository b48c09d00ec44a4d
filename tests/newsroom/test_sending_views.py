# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question before sending, and what becomes of an update, as a person is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from arengo.audience.models import Subscription
from arengo.channel.models import Post
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState, Fanout, MessageTemplate, Price, Sender
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.channel import KEY as CHANNEL
from tests.factories.audience import subscribe
from tests.factories.core import STRANGER_HOST
from tests.factories.delivery import decide
from tests.factories.newsroom import draft
from tests.newsroom.pages import ROOT, Browse, Write, filled, words

# --- sending ----------------------------------------------------------------------------------------------


def test_the_question_says_who_where_and_how_much(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    page = words(browse(edo).get(f"{ROOT}{write().pk}/invio/"))
    assert "3 persone iscritte alla lista WhatsApp" in page
    assert "dal numero Comune di Esempio +39 055 000 0001" in page
    assert "sul canale pubblico, dove lo legge chiunque" in page
    assert "€ 0,17 stimati 3 a € 0,056 l'uno" in page
    assert "Invia a 3 persone e al canale" in page


def test_pressing_twice_sends_once(town: Organization, write: Write, edo: Person, browse: Browse) -> None:
    update = write()
    answer = {"key": "0123", "version": "1"}
    for _ in range(2):
        response = browse(edo).post(f"{ROOT}{update.pk}/invio/", answer)
        assert (response.status_code, response["Location"]) == (302, f"{ROOT}{update.pk}/")
    assert Placement.objects.count() == 2
    late = browse(edo).post(f"{ROOT}{update.pk}/invio/", {"key": "another", "version": "1"}, follow=True)
    assert "L'ha già inviato Edo Esempio" in words(late)
    assert Placement.objects.count() == 2


def test_a_text_changed_since_the_question_is_asked_again(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write()
    writing.save(update.pk, draft(title="Cambiato"), version=1, by=alice)
    response = browse(edo).post(f"{ROOT}{update.pk}/invio/", {"key": "k", "version": "1"}, follow=True)
    assert "Alice Esempio ha cambiato il testo" in words(response)
    assert Update.objects.get().is_draft


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("no template", "Manca il modello «arengo_notizie_2»."),
        ("waiting template", "aspetta l'approvazione di Meta"),
        ("stopped", "è fermo"),
        ("nobody", "non è ancora iscritto nessuno"),
        ("no sender", "Non c'è ancora un numero WhatsApp"),
    ],
)
def test_what_stands_in_the_way_is_said(
    town: Organization, write: Write, edo: Person, browse: Browse, state: str, said: str
) -> None:
    update = write()
    if state == "no template":
        MessageTemplate.objects.all().delete()
    elif state == "waiting template":
        MessageTemplate.objects.update(status="PENDING")
    elif state == "stopped":
        Sender.objects.update(state=Sender.State.STOPPED)
    elif state == "nobody":
        Subscription.objects.update(active=False)
    else:
        MessageTemplate.objects.all().delete()
        Sender.objects.all().delete()
    page = words(browse(edo).get(f"{ROOT}{update.pk}/modifica/"))
    assert said in page
    assert "togli la spunta a «Lista WhatsApp»" in page
    response = browse(edo).get(f"{ROOT}{update.pk}/invio/")
    assert (response.status_code, response["Location"]) == (302, f"{ROOT}{update.pk}/modifica/")


def test_without_a_price_the_cost_is_not_zero(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    Price.objects.all().delete()
    update = write()
    for address in (f"{ROOT}{update.pk}/modifica/", f"{ROOT}{update.pk}/invio/"):
        page = words(browse(edo).get(address))
        assert "quanto costerà non si può dire" in page
        assert "€" not in page


# --- after ------------------------------------------------------------------------------------------------


def test_a_sent_update_shows_both_its_copies(out: Update, edo: Person, browse: Browse) -> None:
    decide(Delivery.objects.all(), DeliveryState.DELIVERED)
    response = browse(edo).get(f"{ROOT}{out.pk}/")
    post = Post.objects.get(pk=Placement.objects.get(outlet=CHANNEL).reference)
    assert f'href="/canale/{post.pk}/"' in response.content.decode()
    assert "Arrivato a 3 persone su 3, uscito in 2 posti su 2." in words(response)
    assert f'hx-trigger="sse:update:{out.pk}"' in response.content.decode()


def test_a_failure_shows_the_platforms_reason_and_goes_again(
    out: Update, edo: Person, browse: Browse
) -> None:
    first = Delivery.objects.earliest("pk")
    decide(Delivery.objects.filter(pk=first.pk), DeliveryState.FAILED, 131026, "Message undeliverable")
    page = words(browse(edo).get(f"{ROOT}{out.pk}/andamento/"))
    assert "Messaggio non consegnabile" in page
    assert "131026 · Message undeliverable" in page
    again = browse(edo).post(f"{ROOT}{out.pk}/riprova/", {"code": "131026"}, follow=True)
    assert "1 messaggio riparte." in words(again)
    assert Delivery.objects.get(pk=first.pk).state == DeliveryState.QUEUED


def test_the_question_on_its_own_page_says_which_mailing_stops(
    out: Update, edo: Person, browse: Browse
) -> None:
    assert out.title in words(browse(edo).get(f"{ROOT}{out.pk}/ferma/"))


def test_a_mailing_is_stopped(out: Update, edo: Person, browse: Browse) -> None:
    page = browse(edo).post(f"{ROOT}{out.pk}/ferma/", follow=True)
    assert "Invio fermato: 3 messaggi non partono." in words(page)
    assert "Fermato" in words(page)
    assert "Ferma l'invio" not in words(page)


def test_the_way_to_stop_comes_to_a_page_opened_before_the_mailing_began(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    """And only once: an open question is not taken away by the next count."""
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    client = browse(edo)
    assert "Ferma l'invio" not in words(client.get(f"{ROOT}{update.pk}/"))
    publishing.carry_out(town.pk, update.pk)
    fragment = client.get(f"{ROOT}{update.pk}/andamento/")
    assert "Ferma l'invio" in words(fragment)
    assert 'name="ferma" value="list"' in fragment.content.decode()
    assert 'id="stop-sending"' not in client.get(f"{ROOT}{update.pk}/andamento/?ferma=list").content.decode()
    decide(Delivery.objects.all(), DeliveryState.DELIVERED)
    over = client.get(f"{ROOT}{update.pk}/andamento/?ferma=list")
    assert 'id="stop-sending"' in over.content.decode()
    assert "Ferma l'invio" not in words(over)


def test_an_update_that_came_back_leads_the_open_page_to_its_draft(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    response = browse(edo).get(f"{ROOT}{update.pk}/andamento/")
    assert response["HX-Redirect"] == f"{ROOT}{update.pk}/modifica/"


def test_a_copy_that_did_not_go_out_is_tried_again(
    town: Organization, write: Write, edo: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=1)
    MessageTemplate.objects.update(status="PAUSED")
    publishing.carry_out(town.pk, update.pk)
    assert "Non inviato" in words(browse(edo).get(f"{ROOT}{update.pk}/"))
    MessageTemplate.objects.update(status="APPROVED")
    browse(edo).post(f"{ROOT}{update.pk}/list/riprova/")
    publishing.carry_out(town.pk, update.pk)
    assert Fanout.objects.get().total == 3


def test_pages_ask_the_database_the_same_few_times_however_much_there_is(
    town: Organization,
    write: Write,
    edo: Person,
    sender: Sender,
    browse: Browse,
    django_assert_max_num_queries: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subscribe(town, sender, 60, first=100)
    for number in range(6):
        update = write(title=f"Titolo {number}")
        if number % 2:
            publishing.publish(town, update.pk, by=edo, key="k", version=1)
            publishing.carry_out(town.pk, update.pk)
    sent = Update.objects.filter(state="published").latest("pk")
    client = browse(edo)
    # The hours of the desk in the header are one; the calendar asks for the plan, what left and what is planned; what it cost two.
    with django_assert_max_num_queries(24):
        client.get(ROOT)
    with django_assert_max_num_queries(23):
        client.get(f"{ROOT}{sent.pk}/")
    with django_assert_max_num_queries(15):
        client.get(f"{ROOT}{sent.pk}/andamento/")
    with django_assert_max_num_queries(16):
        client.post(f"{ROOT}anteprima/", filled())


def test_in_english(town: Organization, write: Write, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    client.cookies["arengo_language"] = "en"
    with translation.override("it"):
        page = words(client.get(f"{ROOT}{write().pk}/modifica/"))
    assert "Send now" in page
    assert (
        "Per non ricevere più messaggi scrivi CANCELLAMI" in page
    )  # what citizens read stays in their language


def test_how_the_templates_stand_is_said_and_who_can_mend_them(
    town: Organization, alice: Person, edo: Person, sender: Sender, browse: Browse
) -> None:
    page = words(browse(edo).get(ROOT))
    assert "Modelli dei messaggi: 8 su 8 pronti." in page
    assert "Vai ai modelli" not in page
    MessageTemplate.objects.filter(name="arengo_notizie_1").delete()
    page = words(browse(edo).get(ROOT))
    assert "Modelli dei messaggi: 7 su 8 pronti." in page
    assert "Chi se ne occupa: Alice Esempio." in page
    assert "Vai ai modelli" in words(browse(alice).get(ROOT))


def test_the_page_of_the_templates_is_in_the_settings(
    town: Organization, alice: Person, edo: Person, browse: Browse
) -> None:
    assert browse(alice).get(f"{ROOT}modelli/")["Location"] == "/console/impostazioni/modelli/?apri=news"
    assert browse(edo).get(f"{ROOT}modelli/")["Location"] == ROOT


def test_who_may_not_make_a_template_is_told_whom_to_ask(
    town: Organization, write: Write, alice: Person, edo: Person, browse: Browse
) -> None:
    MessageTemplate.objects.all().delete()
    address = f"{ROOT}{write().pk}/modifica/"
    assert "Chiedi a chi amministra Arengo" in words(browse(edo).get(address))
    assert 'href="/console/impostazioni/modelli/?apri=news"' in browse(alice).get(address).text


def test_nothing_of_another_organization_is_estimated(
    altrove: Organization, carlo: Person, town: Organization, browse: Browse
) -> None:
    page = words(browse(carlo, host=STRANGER_HOST).get(f"{ROOT}nuovo/"))
    assert "Non c'è ancora un numero WhatsApp" in page
    assert "3 iscritti" not in page
    with organization_scope(altrove):
        assert not Update.objects.exists()


def test_only_who_may_set_prices_is_sent_to_them(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    Price.objects.all().delete()
    address = f"{ROOT}{write().pk}/modifica/"
    assert "/console/impostazioni/prezzi/" in browse(alice).get(address).content.decode()
    assert "/console/impostazioni/prezzi/" not in browse(edo).get(address).content.decode()
    assert "Chiedi a chi amministra Arengo" in words(browse(edo).get(address))


def test_an_update_stays_under_way_until_its_last_message_has_left(
    out: Update, edo: Person, browse: Browse
) -> None:
    Fanout.objects.update(n_accepted=1)
    response = browse(edo).get(ROOT)
    assert "In partenza" in words(response)
    assert "1 di 3" in words(response)
    assert f"sse:update:{out.pk}" in response.content.decode()
    Fanout.objects.update(n_accepted=2, n_delivered=2, n_failed=1, n_waiting=0)
    assert "In partenza" not in words(browse(edo).get(ROOT))
    assert "Pubblicati" in words(browse(edo).get(ROOT))
