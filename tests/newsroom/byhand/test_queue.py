# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for a person: put there, handed over, done, each press once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from arengo.channel.models import Channel, Post
from arengo.core.models import AuditEntry, LiveEvent, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Fanout
from arengo.delivery.sending import announced
from arengo.newsroom import publishing
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.byhand import tasks
from arengo.newsroom.outlets.byhand.models import Reading, Task
from tests.factories.channel import CHANNEL, POST, whatsapp_channel
from tests.factories.core import STRANGER_HOST
from tests.factories.newsroom import publish
from tests.newsroom.pages import ROOT, Browse, Write, filled, words

QUEUE = f"{ROOT}a-mano/"
Hand = Callable[..., Task]


# --- before -----------------------------------------------------------------------------------------------------


def test_it_is_offered_to_who_has_a_channel(town: Organization, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    assert "Canale WhatsApp (a mano)" not in words(client.get(f"{ROOT}nuovo/"))
    whatsapp_channel()
    page = client.get(f"{ROOT}nuovo/").content.decode()
    assert 'value="byhand"' in page
    assert page.count("checked") >= 3, "a new draft goes wherever it can"


def test_the_editor_shows_the_text_and_says_that_a_person_puts_it_there(
    whatsapp: Channel, town: Organization, edo: Person, browse: Browse
) -> None:
    page = words(browse(edo).post(f"{ROOT}anteprima/", filled(outlets=["byhand"])))
    assert "*Gli appuntamenti della settimana* ▪ Sabato il mercato" in page
    assert "Non esce da solo" in page
    assert "Solo sul canale WhatsApp, a mano" in page


def test_a_draft_whose_channel_is_gone_is_held_back_and_can_be_saved_without(
    whatsapp: Channel, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(outlets=("channel", "byhand"))
    Channel.objects.update(whatsapp_url="")
    client = browse(edo)
    page = client.get(f"{ROOT}{update.pk}/modifica/").content.decode()
    assert 'value="byhand"' in page
    assert "manca l&#x27;indirizzo del canale" in page
    with pytest.raises(publishing.NotReady):
        publish(town, update, edo)
    client.post(f"{ROOT}{update.pk}/modifica/", filled(version="1", outlets=["channel"]))
    update.refresh_from_db()
    assert update.outlets == ["channel"]


# --- in the queue -------------------------------------------------------------------------------------------------


def test_the_update_is_published_while_its_copy_waits_for_a_person(
    whatsapp: Channel, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = publish(town, write(outlets=("list", "channel", "byhand")), edo)
    publishing.carry_out(town.pk, update.pk)
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    placement = Placement.objects.get(outlet="byhand")
    assert (update.state, placement.state) == (Update.State.PUBLISHED, Placement.State.PERSON)
    assert (Task.objects.count(), Post.objects.count()) == (1, 1)
    client = browse(edo)
    assert "Aspetta una persona" in words(client.get(f"{ROOT}{update.pk}/"))
    home = words(client.get(ROOT))
    assert "Da mettere a mano 1 in attesa" in home
    assert "Redazione 1 in attesa" in home, "the tab counts it"
    assert LiveEvent.objects.filter(topic="byhand").exists()


def test_the_oldest_of_mine_and_of_nobodys_comes_first(
    hand: Hand, edo: Person, ada: Person, browse: Browse
) -> None:
    first, second, third = hand(title="Primo"), hand(title="Secondo"), hand(title="Terzo")
    tasks.hand_over(first.pk, to=ada, by=edo)
    assert [task.pk for task in tasks.queue_of(edo)] == [second.pk, third.pk, first.pk]
    Task.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(minutes=24))
    page = words(browse(edo).get(QUEUE))
    assert "Canale WhatsApp · 1 di 3" in page
    assert "aspetta da 24 min" in page
    assert "passato a Ada Esempio" in page


def test_each_step_is_noted_when_it_is_pressed_and_keeps_its_first_time(
    hand: Hand, edo: Person, browse: Browse
) -> None:
    task = hand()
    client = browse(edo)
    steps = client.post(f"{QUEUE}{task.pk}/passo/", {"step": "text"}, headers={"HX-Request": "true"})
    assert "Testo copiato" in words(steps)
    task.refresh_from_db()
    first = task.copied_at
    assert first is not None
    client.post(f"{QUEUE}{task.pk}/passo/", {"step": "text"})
    client.post(f"{QUEUE}{task.pk}/passo/", {"step": "nonsense"})
    task.refresh_from_db()
    assert (task.copied_at, task.saved_at, task.opened_at) == (first, None, None)
    page = client.get(QUEUE).content.decode()
    assert "btn-outline-primary" in page.split('id="hand-finish"')[1][:200]
    tasks.note_step(task.pk, "channel")
    page = client.get(QUEUE).content.decode()
    assert "btn-primary" in page.split('id="hand-finish"')[1][:200]


def test_without_a_picture_there_are_two_steps(hand: Hand, edo: Person, browse: Browse) -> None:
    task = hand(photo=False)
    page = browse(edo).get(QUEUE).content.decode()
    assert page.count('<li class="hand-step') == 2
    assert browse(edo).get(f"{QUEUE}{task.pk}/foto").status_code == 404


def test_the_picture_comes_as_a_file(hand: Hand, edo: Person, browse: Browse) -> None:
    answer = browse(edo).get(f"{QUEUE}{hand().pk}/foto")
    assert answer["Content-Disposition"].startswith('attachment; filename="aggiornamento-')
    assert b"".join(answer).startswith(b"\xff\xd8")  # type: ignore[arg-type]  # it is streamed


# --- done ---------------------------------------------------------------------------------------------------------


def test_done_says_who_when_and_where_and_twice_is_once(
    hand: Hand, edo: Person, ada: Person, browse: Browse
) -> None:
    task = hand()
    update = task.placement.update
    client = browse(edo)
    for person in (edo, ada):
        answer = browse(person).post(
            f"{QUEUE}{task.pk}/fatto/", {"url": "whatsapp.com/channel/0029Esempio/118"}, follow=True
        )
    assert "era già segnato come fatto" in words(answer)
    task.refresh_from_db()
    placement = Placement.objects.get()
    assert (task.done_by, placement.state, placement.url) == (edo, Placement.State.DONE, POST)
    assert placement.done_at == task.done_at
    entry = AuditEntry.objects.get(verb="newsroom.put_by_hand")
    assert (entry.person, entry.object_id) == (edo, str(update.pk))
    page = client.get(f"{ROOT}{update.pk}/")
    assert "L'ha messo Edo Esempio" in words(page)
    assert f'href="{POST}"' in page.content.decode()
    assert "in attesa" not in words(client.get(ROOT))
    assert "Edo Esempio" in words(client.get(f"{QUEUE}fatti/"))
    assert "l'ha già messo Edo Esempio" in words(browse(ada).get(f"{QUEUE}?quale={task.pk}"))


def test_the_address_may_be_left_out_and_a_wrong_one_is_asked_about(
    hand: Hand, edo: Person, browse: Browse
) -> None:
    task = hand()
    client = browse(edo)
    asked = client.post(f"{QUEUE}{task.pk}/fatto/", {"url": "https://www.example.it/118"})
    assert asked.status_code == 422
    assert "Non è l'indirizzo di un post" in words(asked)
    assert 'value="https://www.example.it/118"' in asked.content.decode(), "what was typed stays"
    assert Task.objects.get().done_at is None
    client.post(f"{QUEUE}{task.pk}/fatto/", {"url": ""})
    assert "Nessuno ha copiato l'indirizzo" in words(client.get(f"{ROOT}{task.placement.update_id}/"))


def test_its_post_is_where_a_quoted_update_can_be_read(
    whatsapp: Channel, town: Organization, write: Write, edo: Person
) -> None:
    update = publish(town, write(outlets=("list", "byhand")), edo)
    publishing.carry_out(town.pk, update.pk)
    tasks.finish(Task.objects.get().pk, url=POST, by=edo)
    fanout = Fanout.objects.get()
    assert announced.of([fanout.pk])[fanout.pk].href == POST


# --- handed over ----------------------------------------------------------------------------------------------------


def test_who_cannot_do_it_now_hands_it_to_a_colleague_by_name(
    hand: Hand, edo: Person, ada: Person, olga: Person, browse: Browse
) -> None:
    task = hand()
    client = browse(edo)
    for _press in range(2):
        answer = client.post(f"{QUEUE}{task.pk}/passa/", {"to": ada.pk}, follow=True)
    assert "Passato a Ada Esempio." in words(answer)
    assert AuditEntry.objects.get(verb="newsroom.handed_over").detail == {"to": ada.pk}
    refused = client.post(f"{QUEUE}{task.pk}/passa/", {"to": olga.pk}, follow=True)
    assert "non lavora in redazione" in words(refused)
    nobody = client.post(f"{QUEUE}{task.pk}/passa/", {"to": "x"}, follow=True)
    assert "Scegli a chi passarlo." in words(nobody)
    tasks.finish(task.pk, url="", by=ada)
    late = client.post(f"{QUEUE}{task.pk}/passa/", {"to": ada.pk}, follow=True)
    assert "non c'è più nulla da passare" in words(late)


# --- what was read there ----------------------------------------------------------------------------------------------


def test_numbers_are_kept_with_their_day_and_never_summed(hand: Hand, edo: Person, browse: Browse) -> None:
    task = hand()
    tasks.finish(task.pk, url=POST, by=edo)
    client = browse(edo)
    address = f"{QUEUE}{task.pk}/numeri/"
    client.post(address, {"day": "2026-11-26", "followers": "13.000", "reactions": "41"})
    client.post(address, {"day": "2026-11-27", "followers": "13.020", "reactions": "58", "votes": "7"})
    client.post(address, {"day": "2026-11-27", "followers": "13.021", "reactions": "58", "votes": "7"})
    assert list(Reading.objects.values_list("followers", "reactions", "votes")) == [
        (13_000, 41, None),
        (13_021, 58, 7),
    ]
    page = words(client.get(f"{ROOT}{task.placement.update_id}/"))
    assert "26 novembre 2026 13.000 41 – 27 novembre 2026 13.021 58 7" in page
    assert "26.021" not in page
    assert "99" not in page.split("Letto su WhatsApp")[1][:300]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2026-11-26"}, "Scrivi almeno un numero."),
        ({"day": "", "followers": "3"}, "obbligatorio"),
        ({"day": "2199-01-01", "followers": "3"}, "deve ancora venire"),
        ({"day": "2026-11-26", "followers": "molti"}, "numero"),
    ],
)
def test_what_is_no_reading_is_asked_about(
    hand: Hand, edo: Person, browse: Browse, typed: dict[str, str], said: str
) -> None:
    answer = browse(edo).post(f"{QUEUE}{hand().pk}/numeri/", typed)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Reading.objects.exists()


# --- who may ------------------------------------------------------------------------------------------------------


def test_another_organizations_queue_is_not_there(
    hand: Hand, altrove: Organization, carlo: Person, olga: Person, browse: Browse
) -> None:
    task = hand()
    stranger = browse(carlo, host=STRANGER_HOST)
    assert "Gli appuntamenti" not in words(stranger.get(QUEUE))
    for path in ("passo/", "fatto/", "passa/", "numeri/"):
        assert stranger.post(f"{QUEUE}{task.pk}/{path}").status_code == 404
        assert browse(olga).post(f"{QUEUE}{task.pk}/{path}").status_code == 403
    assert stranger.get(f"{QUEUE}{task.pk}/foto").status_code == 404
    with organization_scope(altrove):
        assert tasks.waiting_count() == 0


def test_the_channel_is_set_by_who_administers(
    town: Organization, alice: Person, edo: Person, browse: Browse
) -> None:
    address = "/console/impostazioni/canale-whatsapp/"
    assert browse(edo).get(address).status_code == 403
    client = browse(alice)
    wrong = client.post(address, {"whatsapp_url": "https://wa.me/39055"})
    assert wrong.status_code == 422
    assert "invito di un canale" in words(wrong)
    for _press in range(2):
        client.post(address, {"whatsapp_url": "whatsapp.com/channel/0029Esempio"})
    assert Channel.objects.get().whatsapp_url == CHANNEL
    assert AuditEntry.objects.filter(verb="newsroom.set_whatsapp_channel").count() == 1
    assert CHANNEL in client.get("/canale/").content.decode()


def test_who_approves_sees_the_queue_too(hand: Hand, ada: Person, browse: Browse) -> None:
    assert "Gli appuntamenti" in words(browse(ada).get(f"{QUEUE}?quale={hand().pk}"))


def test_the_queue_asks_the_database_the_same_few_times_however_long_it_is(
    hand: Hand, edo: Person, browse: Browse, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(6):
        hand(title=f"Titolo {number}")
    client = browse(edo)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]  # a context manager
        client.get(QUEUE)
