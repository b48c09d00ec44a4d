# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the house rules: who may do what there, and what a refusal gives back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery
from arengo.desk.blocks import shown
from arengo.desk.blocks.dossier import dossier
from arengo.desk.blocks.models import Block, BlockSettings, Reprimand
from arengo.desk.blocks.rules import Rule
from arengo.desk.models import Conversation, Desk, Message
from tests.desk.road import DESK, Writes, page_of
from tests.factories.desk import said
from tests.factories.house_rules import block, said_by, warn

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
BLOCKED = f"{DESK}bloccati/"
SETTINGS = "/console/impostazioni/blocchi/"


def form(conversation: Conversation, past: int = 0, **changes: object) -> dict[str, object]:
    return {
        "step": "block" if past >= 2 else "warning",
        "rule": "1",
        "message": said_by(conversation),
        "past": past,
        "key": "k",
        "reason": "Continua.",
        "until": (timezone.localdate() + timedelta(days=30)).isoformat(),
        **changes,
    }


def test_the_warning_that_is_shown_is_the_one_that_goes(
    conversation: Conversation, rule: Rule, olga: Person, browse: Browse
) -> None:
    client, address = browse(olga), f"{page_of(conversation)}regole/"
    page = client.get(address).content.decode()
    assert "Non sono ammessi insulti" in page
    assert "È il primo richiamo" in page
    assert client.post(address, form(conversation)).status_code == 302
    reprimand = Reprimand.objects.get()
    assert reprimand.message is not None
    assert "«Non sono ammessi insulti né attacchi personali.»" in reprimand.message.text
    assert "/regole/" in reprimand.message.text
    assert "Invia il secondo richiamo" in client.get(address).content.decode()


def test_words_that_were_changed_go_instead_and_are_not_lost_when_refused(
    conversation: Conversation, rule: Rule, olga: Person, browse: Browse
) -> None:
    client, address = browse(olga), f"{page_of(conversation)}regole/"
    refused = client.post(address, form(conversation, words="Parole mie", message=[]))
    assert refused.status_code == 422
    assert "Parole mie" in refused.content.decode()
    assert not Delivery.objects.exists()
    client.post(address, form(conversation, words="Parole mie"))
    assert Reprimand.objects.get().message.text == "Parole mie"  # type: ignore[union-attr]  # there is one


def test_without_a_rule_nothing_goes(
    conversation: Conversation, rule: Rule, olga: Person, browse: Browse
) -> None:
    answer = browse(olga).post(f"{page_of(conversation)}regole/", form(conversation, rule="99"))
    assert answer.status_code == 422
    assert "Scegli la regola" in answer.content.decode()


def test_from_two_warnings_to_a_block_and_back(
    write: Writes, conversation: Conversation, rule: Rule, anna: Identity, olga: Person, browse: Browse
) -> None:
    client, address = browse(olga), f"{page_of(conversation)}regole/"
    for past in (0, 1):
        client.post(address, form(conversation, past, key=f"k{past}"))
    assert "Che cosa succede" in client.get(address).content.decode()
    assert client.post(address, form(conversation, 2)).status_code == 302
    made = Block.objects.get()
    write(said(anna, "Parole che nessuno aspetta"))
    page = client.get(BLOCKED).content.decode()
    assert "Anna Esempio" in page
    assert "1 messaggio" in page
    assert "Questo cittadino è bloccato" in client.get(page_of(conversation)).content.decode()
    assert "Sbloccare questo cittadino?" in client.get(f"{BLOCKED}{made.pk}/sblocca/").content.decode()
    client.post(f"{BLOCKED}{made.pk}/sblocca/")
    assert "Nessuno è bloccato" in client.get(BLOCKED).content.decode()
    assert "tolto" in client.get(f"{BLOCKED}?elenco=finiti").content.decode()


def test_only_an_administrator_confirms(
    conversation: Conversation, rule: Rule, olga: Person, alice: Person, browse: Browse
) -> None:
    BlockSettings.objects.update(confirm=True)
    made = block(conversation, rule, olga)
    assert "Decide un amministratore" in browse(olga).get(BLOCKED).content.decode()
    assert browse(olga).post(f"{BLOCKED}{made.pk}/conferma/").status_code == 403
    assert "Leggi le prove" in browse(alice).get(BLOCKED).content.decode()
    browse(alice).post(f"{BLOCKED}{made.pk}/conferma/")
    made.refresh_from_db()
    assert made.in_force


def test_a_day_that_is_no_later_is_refused_on_the_page(
    conversation: Conversation, rule: Rule, olga: Person, browse: Browse
) -> None:
    made = block(conversation, rule, olga)
    answer = browse(olga).post(f"{BLOCKED}{made.pk}/allunga/", {"day": "domani"})
    assert answer.status_code == 422
    later = (timezone.localdate() + timedelta(days=60)).isoformat()
    assert browse(olga).post(f"{BLOCKED}{made.pk}/allunga/", {"day": later}).status_code == 302


def test_a_stranger_finds_nothing_and_an_auditor_only_reads(
    conversation: Conversation, rule: Rule, olga: Person, carlo: Person, rita: Person, browse: Browse
) -> None:
    made = block(conversation, rule, olga)
    pages = (
        BLOCKED,
        f"{BLOCKED}{made.pk}/",
        f"{page_of(conversation)}regole/",
    )
    for address in pages:
        assert browse(carlo).get(address).status_code == 404
    assert [browse(rita).get(address).status_code for address in pages] == [200, 200, 403]
    assert browse(carlo).post(f"{BLOCKED}{made.pk}/fascicolo.pdf").status_code == 404
    assert browse(rita).post(f"{BLOCKED}{made.pk}/fascicolo.pdf").status_code == 200
    for what in ("conferma", "non-bloccare", "sblocca", "allunga"):
        assert browse(carlo).post(f"{BLOCKED}{made.pk}/{what}/").status_code == 404
        assert browse(rita).post(f"{BLOCKED}{made.pk}/{what}/").status_code == 403


def test_who_was_warned_and_is_not_blocked_stands_in_a_list_of_their_own(
    conversation: Conversation, rule: Rule, olga: Person, browse: Browse
) -> None:
    warn(conversation, rule, olga)
    assert "Anna Esempio" in browse(olga).get(f"{BLOCKED}?elenco=richiamati").content.decode()


def test_the_settings_show_what_a_citizen_reads(
    scope: Organization, alice: Person, rita: Person, browse: Browse
) -> None:
    client = browse(alice)
    assert client.post(SETTINGS, {"objection": "", "other_ways": "x"}).status_code == 422
    client.post(SETTINGS, {"objection": "Scrivere alla PEC", "other_ways": "Telefono", "confirm": "on"})
    assert BlockSettings.objects.get().confirm
    assert "Per opporsi: Scrivere alla PEC" in client.get(SETTINGS).content.decode()
    assert browse(rita).post(SETTINGS, {}).status_code == 403


def test_the_list_of_the_blocked_costs_a_bounded_number_of_queries(
    write: Writes,
    conversation: Conversation,
    rule: Rule,
    olga: Person,
    browse: Browse,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    block(conversation, rule, olga)
    client = browse(olga)
    client.get(BLOCKED)
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]  # a context
        client.get(BLOCKED)


def test_an_operator_of_another_desk_learns_of_a_block_and_reads_no_evidence(
    conversation: Conversation, rule: Rule, olga: Person, bea: Person, alice: Person, browse: Browse
) -> None:
    made = block(conversation, rule, olga)
    Desk.objects.update(everyone=False)
    client = browse(bea)
    assert "Anna Esempio" in client.get(BLOCKED).content.decode()
    page = client.get(f"{BLOCKED}{made.pk}/").content.decode()
    assert "Continua a offendere." in page
    assert "A che ora apre" not in page
    assert page_of(conversation) not in page
    assert "A che ora apre" in browse(alice).get(f"{BLOCKED}{made.pk}/").content.decode()
    assert client.post(f"{BLOCKED}{made.pk}/fascicolo.pdf").status_code == 404


def test_the_dossier_holds_the_rule_the_reason_and_the_words_as_they_were(
    write: Writes, conversation: Conversation, esempio: Organization, rule: Rule, olga: Person, browse: Browse
) -> None:
    made = block(conversation, rule, olga)
    Message.objects.filter(direction="in").update(text="", deleted_at=timezone.now())
    evidence = shown.evidence(made, Desk.objects.all())
    document = dossier(made, evidence, esempio, None)
    facts = dict(document.data["facts"])  # type: ignore[call-overload]  # pairs
    assert (facts["Ente"], facts["Motivo"]) == ("Comune di Esempio", "Continua a offendere.")
    assert rule.title in facts["Regola"]
    assert "A che ora apre" in str(document.data["evidence"])
    assert "richiamo di Olga Esempio" in str(document.data["evidence"])
    answer = browse(olga).post(f"{BLOCKED}{made.pk}/fascicolo.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="blocco-{made.pk}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert browse(olga).get(f"{BLOCKED}{made.pk}/fascicolo.pdf").status_code == 405  # reading writes nothing
    line = AuditEntry.objects.get(verb="desk.downloaded_dossier")
    assert (line.person, line.object_type, line.object_id) == (olga, "desk_blocks.Block", str(made.pk))
    assert f"{made.pk}/fascicolo.pdf" in browse(olga).get(f"{BLOCKED}{made.pk}/").content.decode()
