# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second platform is one folder that registers itself: everything goes through it, from the webhook to the outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import privacy
from arengo.audience.models import Identity, Subscription, phone_hash, user_hash
from arengo.core import automatic
from arengo.core.lengths import length
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Outbox, Sender
from arengo.delivery.sending import doubts
from arengo.desk import replying
from arengo.desk.models import Conversation, Message
from arengo.desk.window import is_open, window, window_ends
from arengo.newsroom import estimating, publishing, writing
from arengo.newsroom.drafts import Draft, Flash, draft_of
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.whatsapp_list import KEY
from arengo.newsroom.outlets.whatsapp_list.plan import ListPlan
from arengo.platforms.contract import HasTemplates, Refusal, TakesFiles
from arengo.platforms.registry import common_limits, platform, platforms, register
from tests.delivery.sending.dispatching import dispatch_until, settled
from tests.factories.core import HOST
from tests.seams.platform_mock.number import gabbiano, knock, outside, says, sender
from tests.seams.platform_mock.platform import HEADER
from tests.seams.platform_mock.world import SECRET, TOKEN, World

__all__ = ["gabbiano", "knock", "outside", "says", "sender"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

Says = Callable[..., str]
LATE = timedelta(days=40).total_seconds()


def conversation() -> Conversation:
    return Conversation.objects.select_related("sender", "identity").get()


def news(sender: Sender, *, text: str = "Sabato il mercato si sposta.") -> Draft:
    return Draft(title="Mercato", slots=(Flash(text),), outlets=(KEY,), sender_id=sender.pk)


def planned(draft: Draft, town: Organization) -> tuple[estimating.Readiness, ListPlan]:
    ready = estimating.readiness(draft, town)
    [plan] = ready.plans
    assert isinstance(plan, ListPlan)
    return ready, plan


def published(town: Organization, draft: Draft, by: Person) -> Update:
    update = writing.create(town, draft, by=by)
    publishing.publish(town, update.pk, by=by, key="k", version=update.version)
    publishing.carry_out(town.pk, update.pk)
    return Update.objects.get(pk=update.pk)


def test_it_registers_itself_and_is_one_of_the_platforms() -> None:
    assert list(platforms()) == ["whatsapp", "mock"]
    assert common_limits().text.most == 200
    assert common_limits().template_body == platform("whatsapp").limits.template_body
    assert not isinstance(platform("mock"), HasTemplates | TakesFiles)


@pytest.mark.parametrize("name", ["", "Mock", "a b", "x" * 21, "mock:2"])
def test_a_name_that_could_not_stand_in_a_column_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        register(name, lambda: platform("mock"))


def test_a_token_in_a_header_lets_in_and_there_is_no_handshake(knock: Callable[..., int]) -> None:
    assert knock(token="another") == 401
    assert knock() == 200
    assert knock(method="GET") == 403


def test_who_writes_is_known_by_the_user_id_alone(says: Says) -> None:
    says("Quando apre l’anagrafe?")
    anna = Identity.objects.get(platform="mock")
    assert (anna.address.phone, anna.address.user_id) == (None, "g-anna")
    assert bytes(anna.user_id_hash or b"") == user_hash("mock", "g-anna") != user_hash("whatsapp", "g-anna")
    assert phone_hash("mock", "+39333") != phone_hash("whatsapp", "+39333")
    assert conversation().unread == 1


def test_what_a_person_wrote_is_edited_and_deleted(says: Says) -> None:
    first = says("Quando apre l’angrafe?")
    says("Quando apre l’anagrafe?", edits=first)
    assert Message.objects.get().text == "Quando apre l’anagrafe?"
    says("", deletes=first)
    assert Message.objects.get().deleted_at is not None


def test_an_answer_goes_at_any_time_and_accepted_is_its_last_state(
    says: Says, alice: Person, outside: World
) -> None:
    says("Quando apre l’anagrafe?", ago=LATE)
    held = conversation()
    assert is_open(held)
    assert (window(held), window_ends(held)) == (None, None)
    replying.reply(held, by=alice, text="Alle nove.", key="k1")
    dispatch_until(settled())
    assert outside.sent == [("g-anna", "Alle nove.")]
    Delivery.objects.update(accepted_at=timezone.now() - timedelta(days=2))
    doubts.weigh()
    assert Delivery.objects.get().state == DeliveryState.ACCEPTED
    assert not Outbox.objects.exists()


def test_the_desk_shows_it_without_a_window(says: Says, alice: Person, client: Client) -> None:
    says("Quando apre l’anagrafe?", ago=LATE)
    client.force_login(alice)
    page = client.get(reverse("desk:conversation", args=[conversation().pk]), headers={"host": HOST})
    assert page.status_code == 200
    assert "non consente" not in page.content.decode()


def test_what_the_platform_cannot_is_said_before_it_is_sent(says: Says, alice: Person) -> None:
    message = says("Buongiorno")
    held = conversation()
    with pytest.raises(replying.ReplyRefused, match="200"):
        replying.reply(held, by=alice, text="a" * 201, key="k1")
    file = SimpleUploadedFile("modulo.pdf", b"%PDF-1.7")
    with pytest.raises(replying.NotSendable, match="Gabbiano"):
        replying.reply(held, by=alice, text="", files=[file], key="k2")
    with pytest.raises(replying.ReplyRefused, match="Gabbiano"):
        replying.react(Message.objects.get(), by=alice, emoji="👍")
    assert not Delivery.objects.exists()
    assert message


def test_a_refusal_is_on_screen_in_the_platforms_words(says: Says, alice: Person, outside: World) -> None:
    says("Buongiorno")
    outside.refuses["g-anna"] = 410
    replying.reply(conversation(), by=alice, text="Alle nove.", key="k1")
    dispatch_until(settled(DeliveryState.FAILED))
    delivery = Delivery.objects.get()
    assert (delivery.code, platform("mock").explain(delivery.code)) == (410, "Gabbiano risponde 410.")
    outside.refuses.clear()
    replying.retry(Message.objects.get(direction=Message.Direction.OUT), by=alice)
    dispatch_until(settled())
    assert outside.sent == [("g-anna", "Alle nove.")]


def test_who_joins_is_welcomed_in_as_many_characters_as_there_are(
    scope: Organization, says: Says, outside: World
) -> None:
    automatic.switch(["audience.welcome"], on=True)
    says("ISCRIVIMI")
    assert Subscription.objects.get().active
    dispatch_until(lambda: bool(outside.sent))
    [(user, welcome)] = outside.sent
    assert user == "g-anna"
    assert welcome.startswith("Benvenuti.")
    assert length(welcome) <= 200


def test_news_go_to_the_list_as_text_without_a_template(
    scope: Organization, sender: Sender, says: Says, alice: Person, outside: World
) -> None:
    for user in ("g-anna", "g-bruno", "g-carla"):
        says("iscrivimi", user)
    outside.refuses["g-carla"] = 410
    ready, plan = planned(news(sender), scope)
    assert ready.may_go, (ready.problems, plan.obstacle)
    assert plan.preview.body.startswith("*Mercato*\n\n• Sabato il mercato si sposta.")
    assert (plan.preview.limit.most, plan.preview.platform, plan.is_final) == (200, "Gabbiano", False)
    assert plan.estimated is not None
    assert (plan.estimated.recipients, plan.estimated.outlook) == (3, None)
    update = published(scope, news(sender), alice)
    dispatch_until(settled(DeliveryState.ACCEPTED, DeliveryState.FAILED))
    assert sorted(user for user, _text in outside.sent) == ["g-anna", "g-bruno"]
    assert {text for _user, text in outside.sent} == {planned(draft_of(update), scope)[1].preview.body}
    fanout = Fanout.objects.get()
    assert (fanout.n_waiting, fanout.n_failed) == (0, 1)
    assert fanout.deliveries.filter(state=DeliveryState.ACCEPTED).count() == 2


def test_news_that_are_too_long_for_it_are_told_so_by_name(
    scope: Organization, sender: Sender, says: Says
) -> None:
    says("iscrivimi")
    ready, _plan = planned(news(sender, text="a" * 250), scope)
    assert not ready.may_go
    assert any("Gabbiano ne accetta 200" in problem.words for problem in ready.problems)


def test_a_number_on_it_is_added_in_its_own_form(
    scope: Organization, outside: World, alice: Person, client: Client
) -> None:
    client.force_login(alice)
    address = reverse("settings:sender_new")
    assert "Gabbiano" in client.get(address, headers={"host": HOST}).content.decode()
    page = client.get(f"{address}?piattaforma=mock", headers={"host": HOST})
    assert list(page.context["form"].fields) == [
        *("name", "display_phone", "rate", "base_url", "account_id", "token", "app_secret")
    ]
    given = {
        "name": "Gabbiano",
        "rate": "10",
        "base_url": outside.url,
        "account_id": "esempio",
        "token": TOKEN,
        "app_secret": SECRET,
    }
    answer = client.post(f"{address}?piattaforma=mock", given, headers={"host": HOST})
    assert answer.status_code == 302, answer.context["form"].errors
    made = Sender.objects.get()
    assert (made.platform, made.credentials.signature_header, made.tier) == ("mock", HEADER, None)
    page = client.post(reverse("settings:sender_try", args=[made.pk]), headers={"host": HOST})
    assert "Comune di Esempio" in str(page.context["described"])
    assert "Collega il webhook" not in page.content.decode()
    moved = {**given, "base_url": "http://127.0.0.2:1/", "token": "", "app_secret": ""}
    page = client.post(reverse("settings:sender", args=[made.pk]), moved, headers={"host": HOST})
    assert set(page.context["form"].errors) == {"token", "app_secret"}


def test_who_is_erased_is_gone_here_too(says: Says, alice: Person) -> None:
    says("Buongiorno")
    held = conversation()
    replying.reply(held, by=alice, text="Alle nove.", key="k1")
    dispatch_until(settled())
    privacy.erase(held.contact, by=alice)
    assert not Identity.objects.exists()
    assert bytes(Delivery.objects.get().address_sealed) == b""


def test_a_sender_that_is_tried_answers_who_it_is(sender: Sender, outside: World) -> None:
    from arengo.platforms.calls import call

    described = call(sender.platform, lambda speaks, http: speaks.describe(http, sender.credentials))
    assert described == {"name": "Comune di Esempio"}
    sender.credentials = type(sender.credentials)(**{**_fields(sender), "token": "wrong"})
    with pytest.raises(Refusal) as refused:
        call(sender.platform, lambda speaks, http: speaks.describe(http, sender.credentials))
    assert refused.value.code == 401


def _fields(sender: Sender) -> dict[str, str]:
    return {name: getattr(sender.credentials, name) for name in sender.credentials.__struct_fields__}
