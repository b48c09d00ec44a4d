# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Imports of a town, one at each point at which an import may wait; its quarters, what somebody chose, the proofs of everybody, holds,
polls."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from arengo.audience import choosing
from arengo.audience.imports import checking as rows, running as joining, verbs
from arengo.audience.imports.models import Import
from arengo.audience.imports.verbs import Told
from arengo.audience.inspections import making, verbs as inspections
from arengo.audience.linking import codes
from arengo.audience.linking.verbs import link
from arengo.audience.models import Contact, Identity, Quarter, Subscription, Topic
from arengo.audience.overview import keeping
from arengo.audience.people_list import counts
from arengo.audience.personal import asking
from arengo.audience.retention import verbs as holds
from arengo.audience.rights import checking, verbs as rights
from arengo.audience.rights.models import Check, Right, Way
from arengo.audience.topics import verbs as topic_verbs
from arengo.audience.topics.models import Choosing
from arengo.audience.topics.sorts import QUARTERS, TOPICS
from arengo.audience.topics.verbs import Written
from arengo.core.console import retention
from arengo.core.models import Organization, Person
from arengo.core.retention import periods, running
from arengo.delivery.models import Sender
from arengo.newsroom.models import Update
from arengo.newsroom.votes import counting
from arengo.newsroom.votes.models import PollWords
from arengo.portal.posters import places
from tests.factories.audience import citizen, consented
from tests.factories.imports import csv
from tests.factories.polls import over, poll_of_sent


def of_imports(organization: Organization, sender: Sender, administrator: Person) -> None:
    """To be confirmed, with a row to correct; whose columns are to be confirmed; done."""
    told = Told(Import.Proof.DOCUMENT, Import.Way.PAPER, None, None, "Chiedo gli avvisi.", "faldone 12")
    drafts = []
    for number in range(3):
        content = csv("Cellulare;Nome", f"33300010{number};Forlì", f"333000100{number};Esempio {number}")
        batch = verbs.upload(
            organization, f"elenco-{number}.csv", [content], sender_id=sender.pk, by=administrator
        )
        rows.read_file(organization.pk, batch.pk)
        drafts.append(batch.pk)
    checked, _columns, done = drafts
    for pk in (checked, done):
        verbs.confirm_columns(pk, ["phone", "name"], sender.pk)
        rows.check_rows(organization.pk, pk)
        verbs.tell_proof(pk, told)
    verbs.start(done, by=administrator)
    joining.run(organization.pk, done)


def of_rights(administrator: Person) -> None:
    """The first citizen's first request, which waits; the code and the link to their page that they were sent; who objected."""
    first = Contact.objects.filter(erased_at=None).order_by("pk")[0]
    rights.record(first, Right.CORRECT, Way.PHONE, timezone.localdate(), by=administrator)
    asked = rights.Asked(Way.PHONE, Check.DOCUMENT, by=administrator)
    rights.object_to(Contact.objects.filter(erased_at=None).latest("pk"), asked)
    checking.send_code(first, by=administrator)
    asking.send(Identity.objects.filter(contact=first).earliest("pk"), by=administrator)


def of_retention(organization: Organization, administrator: Person) -> None:
    """A hold on the second citizen, a shorter period that is to come, and a night."""
    second = Contact.objects.filter(erased_at=None).order_by("pk")[1]
    holds.place(second, "Causa 4417/2026", None, by=administrator)
    messages = retention.rule("desk.messages")
    periods.change(messages, 180, organization=organization, by=administrator)
    running.write(messages.name, organization.pk, began=timezone.now(), gone=12)


def of_overview(organization: Organization) -> None:
    """A day of the list that was counted, and how many people there are."""
    keeping.keep(organization, [keeping.today(organization) - timedelta(days=1)])
    counts.keep()


def of_places(organization: Organization, administrator: Person) -> None:
    """A place in which a code hangs."""
    places.add(organization, "Biblioteca", by=administrator)


def of_topics(organization: Organization, administrator: Person) -> None:
    """Two quarters, somebody who lives in one of them, and a topic that was merged with its people."""
    for name in ("Borgo", "Centro"):
        topic_verbs.add(QUARTERS, organization, Written(name, [f"{name.lower()} nuovo"]), by=administrator)
    subscription = Subscription.objects.filter(active=True).earliest("pk")
    first, second = Topic.in_use()[:2]
    choosing.choose(
        subscription,
        topics=[first.pk],
        quarters=[Quarter.in_use().first().pk],
        way=Choosing.Way.STAFF,
        at=timezone.now(),
        by=administrator,
        text="Al telefono",
    )
    topic_verbs.merge(TOPICS, first.pk, second.pk, by=administrator)


def of_links(sender: Sender) -> None:
    """The first citizen linked another chat, in which they are on the list; somebody waits with a code."""
    at_work, waits = (citizen("Lia Esempio") for _chat in range(2))
    consented(at_work, sender)
    link(Identity.objects.earliest("pk"), at_work, senders=(sender.pk, sender.pk))
    codes.make(waits, sender.pk)


def of_proofs(organization: Organization, administrator: Person) -> None:
    """An archive of all proofs that waits to be taken."""
    inspection = inspections.ask(organization, by=administrator)
    making.make(organization.pk, inspection.pk)


def of_polls(organization: Organization) -> None:
    """One that is open, with votes counted and votes that wait, and one that is closed, each of an update that was sent."""
    sent = Update.objects.exclude(state=Update.State.DRAFT).order_by("pk")[:2]
    voters = [citizen(f"Votante {number}").pk for number in range(25)]
    polls = [poll_of_sent(update, [1 + at % 3 for at in range(len(voters))], voters) for update in sent]
    counting.count(polls[0].pk)
    counting.close(over(polls[1]).pk)
    PollWords.objects.create(
        organization=organization, taken="Grazie, fino a {fine}.", late="Tardi: {pagina}"
    )
