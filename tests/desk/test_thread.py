# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a thread shows around and within its messages: earlier conversations, updates, what is new, all that a message carries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import Membership, Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Sender
from arengo.desk import around, handling, privacy, replying
from arengo.desk.models import Attachment, Conversation, Desk, Message
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from arengo.newsroom.outlets.whatsapp_list.placing import mailing_of
from arengo.platforms.contract import Card, Cards, Field, Form, Item, Ordered, Picked, Unknown
from tests.desk.busy import arrived
from tests.desk.road import Writes, page_of
from tests.factories.audience import citizen
from tests.factories.delivery import decide
from tests.factories.desk import photo_said, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def shown(browse: Browse, person: Person, conversation: Conversation, query: str = "") -> str:
    return browse(person).get(f"{page_of(conversation)}{query}").content.decode()


def reader(person: Person) -> Membership:
    found: Membership = Membership.objects.get(person=person)
    return found


@pytest.fixture
def again(write: Writes, anna: Identity, conversation: Conversation, olga: Person) -> Conversation:
    """Anna was answered and the conversation closed; days later she asks something else."""
    replying.reply(conversation, by=olga, text="Alle 9", key="k")
    handling.close(conversation, by=olga)
    write(said(anna, "E il sabato?", sent_at=timezone.now() + timedelta(seconds=1)))
    open_one: Conversation = Conversation.objects.get(state="open")
    return open_one


def test_earlier_conversations_stand_in_the_same_scroll(
    browse: Browse, again: Conversation, olga: Person
) -> None:
    page = shown(browse, olga, again)
    words = ["A che ora apre", "Alle 9", "Questa conversazione", "E il sabato?"]
    places = [page.index(word, page.index('id="messages"')) for word in words]
    assert places == sorted(places)
    assert "chiusa da" in page
    assert "Conversazione precedente" in page
    first = Message.objects.get(text__startswith="A che ora")
    assert f'id="quote-{first.pk}"' not in page  # nothing can be done with it here
    assert f'id="quote-{Message.objects.get(text="E il sabato?").pk}"' in page


def test_only_those_of_desks_that_one_sees(again: Conversation, olga: Person, scope: Organization) -> None:
    [past] = around.past(again, reader(olga), "Anna")
    assert [bubble.message.text for bubble in past.bubbles] == ["A che ora apre l'anagrafe?", "Alle 9"]
    other = Desk.objects.create(name="Polizia locale", slug="polizia", everyone=False)
    Conversation.objects.exclude(pk=again.pk).update(desk=other)
    assert around.past(again, reader(olga), "Anna") == []
    assert around.past(again, None, "Anna") == []


def test_a_long_past_is_cut_and_led_on_to(
    browse: Browse, again: Conversation, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(around, "_MESSAGES", 1)
    [past] = around.past(again, reader(olga), "Anna")
    assert ([bubble.message.text for bubble in past.bubbles], past.more) == (
        ["Alle 9"],
        Message.objects.get(text="Alle 9").pk,
    )
    page = shown(browse, olga, again)
    link = f"{page_of(past.conversation)}?prima={past.more}"
    assert link in page
    assert "A che ora apre" in browse(olga).get(link).content.decode()


def test_updates_that_somebody_got_stand_in_the_thread(
    browse: Browse, conversation: Conversation, olga: Person, update: Update, anna: Identity, write: Writes
) -> None:
    fanout = mailing_of(update.placements.get(outlet=LIST))
    assert fanout is not None
    page = shown(browse, olga, conversation)
    assert page.count("Aggiornamento ricevuto") == 1
    assert "Sagra della porchetta" in page
    decide(fanout.deliveries.all(), DeliveryState.FAILED, 131026)
    assert "Aggiornamento ricevuto" not in shown(browse, olga, conversation)  # nobody got it
    decide(fanout.deliveries.all(), DeliveryState.READ)
    write(said(citizen("Carla Esempio"), "E io?"))
    carla = Conversation.objects.get(contact__name="Carla Esempio")
    assert "Aggiornamento ricevuto" not in shown(browse, olga, carla)  # it went to others


def test_what_is_new_is_marked_and_the_mark_stays(
    browse: Browse, conversation: Conversation, olga: Person, write: Writes, anna: Identity
) -> None:
    replying.reply(conversation, by=olga, text="Alle 9", key="k")
    write(said(anna, "E il sabato?"), said(anna, "Grazie!"))
    new = Message.objects.get(text="E il sabato?")
    page = shown(browse, olga, conversation)
    assert "2 messaggi nuovi" in page
    assert f'data-first="{new.pk}"' in page
    conversation.refresh_from_db()
    handling.mark_seen(conversation)
    assert "messaggi nuovi" not in shown(browse, olga, conversation)
    assert "2 messaggi nuovi" in shown(browse, olga, conversation, f"?nuovi={new.pk}")
    for nonsense in ("0", "x", "999999999999"):
        assert "nuovi<" not in shown(browse, olga, conversation, f"?nuovi={nonsense}")


def test_all_that_is_unread_is_on_the_page(
    browse: Browse, conversation: Conversation, olga: Person, write: Writes, anna: Identity
) -> None:
    write(*(said(anna, f"Riga {number}.") for number in range(70)))
    page = shown(browse, olga, conversation)
    assert "71 messaggi nuovi" in page
    assert "Riga 0." in page


def test_a_day_is_named_with_its_year(browse: Browse, conversation: Conversation, olga: Person) -> None:
    assert f"{timezone.localdate().year}</span></li>" in shown(browse, olga, conversation)


CONTENTS = [
    (
        "contacts",
        Cards(
            (Card("Carla Esempio", (Field("+39 055 1", "phone", "WORK"), Field("c@example.it", "email"))),)
        ),
        ["Carla Esempio", 'href="tel:+390551"', "telefono · work", 'href="mailto:c@example.it"'],
    ),
    ("form", Form((Field("Anna", label="nome_completo"),)), ["Modulo compilato", "nome completo", "Anna"]),
    ("order", Ordered((Item("T-shirt", "2", "7.5", "EUR"),)), ["T-shirt", "2 × 7.5 EUR"]),
    ("choice", Picked("Carta d'identità e residenza"), ["Carta d&#x27;identità e residenza"]),
    ("unsupported", Unknown("poll"), ["un sondaggio"]),
    ("unsupported", Unknown("hologram"), ["hologram"]),
    ("call", None, ["Chiamata senza risposta"]),
]


@pytest.mark.parametrize(("kind", "content", "expected"), CONTENTS)
def test_each_kind_shows_all_that_it_carries(
    browse: Browse,
    write: Writes,
    anna: Identity,
    olga: Person,
    kind: str,
    content: object,
    expected: list[str],
) -> None:
    write(said(anna, "", kind=kind, content=content))
    page = shown(browse, olga, Conversation.objects.get())
    for words in expected:
        assert words in page
    assert Conversation.objects.get().waiting_since is not None


def test_a_link_in_a_card_leads_only_to_pages(
    browse: Browse, write: Writes, anna: Identity, olga: Person
) -> None:
    odd = Field("javascript:alert(1)", "url"), Field("<b>", "phone", "<i>")
    write(said(anna, "", kind="contacts", content=Cards((Card("<u>", odd),))))
    page = shown(browse, olga, Conversation.objects.get())
    assert 'href="javascript' not in page
    assert "<u>" not in page
    assert "<i>" not in page


def test_what_a_message_carries_is_handed_out_and_erased(write: Writes, anna: Identity) -> None:
    write(said(anna, "", kind="contacts", content=Cards((Card("Carla Esempio"),))))
    handed = privacy.export(anna.contact_id)
    assert "Carla Esempio" in str(handed)
    privacy.erase(anna.contact_id)
    assert Message.objects.get().content == ""


def test_photos_in_a_row_are_an_album(browse: Browse, write: Writes, anna: Identity, olga: Person) -> None:
    write(*(photo_said(anna) for _number in range(3)), said(anna, "Ecco"), photo_said(anna))
    for attachment in Attachment.objects.all():
        arrived(attachment)
    page = shown(browse, olga, Conversation.objects.get())
    assert page.count("desk-album") == 3
    assert "Foto 3 di 3: apri" in page
    assert page.count("Foto inviata dal cittadino: apri intera") == 1


def test_a_quoted_photo_shows_its_picture(
    browse: Browse, write: Writes, anna: Identity, olga: Person
) -> None:
    sent = photo_said(anna)
    write(sent, said(anna, "Questa è la buca", reply_to=sent.message.message_id))
    photo = Attachment.objects.get()
    conversation = Conversation.objects.get()
    small = f"/console/sportello/allegati/{photo.pk}/miniatura/"

    def quote() -> str:
        return (
            shown(browse, olga, conversation)
            .partition('<blockquote class="desk-quoted">')[2]
            .partition("<p")[0]
        )

    assert "<img" not in quote()  # it has not been brought over yet
    arrived(photo)
    assert f'src="{small}"' in quote()
    composer = shown(browse, olga, conversation, f"?rispondi={photo.message_id}").partition('id="composer"')[
        2
    ]
    assert f'id="quote-photo" src="{small}"' in " ".join(composer.split())
    Message.objects.filter(pk=photo.message_id).update(deleted_at=timezone.now())
    assert "<img" not in quote()


def test_a_photo_can_be_kept(browse: Browse, photo: Attachment, olga: Person) -> None:
    arrived(photo)
    address = f"/console/sportello/allegati/{photo.pk}/"
    for query, shown_as in (("", "inline"), ("?scarica=1", "attachment")):
        response = browse(olga).get(f"{address}{query}")
        assert response["Content-Disposition"].startswith(shown_as)
        assert response.getvalue()


def test_a_number_that_is_stopped_is_said_on_each_page_of_those_concerned(
    browse: Browse, conversation: Conversation, sender: Sender, olga: Person, edo: Person, alice: Person
) -> None:
    words = "è fermo: i messaggi partiranno quando riprenderà"
    assert words not in shown(browse, olga, conversation)
    Sender.objects.update(state="stopped", stop_reason="Il token è scaduto")
    for person, path in (
        (olga, page_of(conversation)),
        (olga, "/console/sportello/"),
        (edo, "/console/redazione/"),
        (edo, "/console/redazione/nuovo/"),
        (alice, "/console/impostazioni/"),
    ):
        page = browse(person).get(path).content.decode()
        assert page.count(words) == 1, path
        assert "Il token è scaduto" in page
        assert ("Guarda e fai ripartire" in page) == (person == alice)
    page = browse(alice).get(f"/console/impostazioni/mittenti/{sender.pk}/").content.decode()
    assert words not in page  # it says so itself


def test_what_waits_in_the_thread_costs_no_query_a_message(
    browse: Browse, again: Conversation, olga: Person, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = browse(olga)
    client.get(page_of(again))
    assert Delivery.objects.count() == 1
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]  # of pytest-django
        client.get(page_of(again))
