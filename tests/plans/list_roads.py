# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with the list, for its statements to be watched: ``roads.py`` calls it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from arengo.audience import arrivals, consent_pages, opening, standing, touched, ways
from arengo.audience.answers import CHOICES
from arengo.audience.double_opt_in import views as pending
from arengo.audience.double_opt_in.jobs import forget_pending
from arengo.audience.events import IdentitiesMerged
from arengo.audience.exports import writing as exports
from arengo.audience.imports import checking
from arengo.audience.inspections import rows as proof_rows
from arengo.audience.linking import chat as linking, codes, verbs as links_verbs
from arengo.audience.models import Consent, Contact, Edited, Identity, Topic, phone_hash
from arengo.audience.overview import keeping as list_days, series
from arengo.audience.overview.periods import Column
from arengo.audience.people_list import (
    counts as people_counts,
    finding as people_finding,
    rows as people_rows,
)
from arengo.audience.people_list.asking import Asked as People
from arengo.audience.people_list.walking import walk
from arengo.audience.personal import links
from arengo.audience.proofs import sheet
from arengo.audience.reasons import BY_RULE
from arengo.audience.renewals import closing, counting, keeping, verbs as renewals
from arengo.audience.renewals.models import Asking
from arengo.audience.retention import holding, shown, verbs as holding_verbs
from arengo.audience.rights import breach, verbs as rights
from arengo.audience.rights.models import Check, Right, Way
from arengo.audience.rights.verbs import Asked
from arengo.audience.topics import counting as topic_counts, verbs as topic_verbs
from arengo.audience.topics.sorts import QUARTERS
from arengo.audience.topics.verbs import Written
from arengo.audience.unreached import verbs as unreached
from arengo.core import automatic
from arengo.core.console import holds, personal_data, retention
from arengo.core.console.retention import Held
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.retention import nights, running
from arengo.core.retention.aging import Aging
from arengo.core.scope import every_organization
from arengo.delivery.models import (
    Sender,
)
from arengo.newsroom.models import Update
from arengo.newsroom.votes import counting as votes_counting, hearing, receipts, verbs as votes_verbs
from arengo.newsroom.votes.jobs import count_votes
from arengo.newsroom.votes.models import Poll
from arengo.newsroom.votes.results import report_of
from arengo.portal.posters import counting as places
from tests.factories.audience import citizen, consented, message
from tests.factories.double_opt_in import ask_twice
from tests.factories.polls import poll_of_sent
from tests.factories.renewals import arrived, ask_everybody, end, listed
from tests.factories.unreached import GONE, sent_to
from tests.security.erasure_traffic import Citizen

_EPOCH = 1


def missing(organization: Organization, sender: Sender, olga: Person) -> None:
    """Mailings that do not reach somebody, who leaves for it and is put back; how a day of the list is counted."""
    people = [citizen(f"Persona {number}") for number in range(6)]
    for person in people:
        consented(person, sender)
    for days in (12, 9, 6):
        sent_to(sender, people, days_ago=days, failed={people[0]: GONE}, silent=[people[1]])
        unreached.run(organization)
    gone = Consent.objects.filter(action=Consent.Action.WITHDRAWN, effective=True, reason__in=BY_RULE)
    page = consent_pages.page_of(gone, None)
    unreached.restorable([line.consent for line in page.lines])
    consent_pages.page_of(gone, str(page.lines[-1].consent.pk))
    unreached.put_back(page.lines[0].consent, by=olga)
    list_days.count(organization, timezone.localdate(), timezone.localdate())
    list_days.now(organization)


def asking_again(organization: Organization, sender: Sender, olga: Person) -> None:
    """Everybody is asked to accept a new version; some answer, the others leave for it and are put back."""
    people = listed(sender, 6)
    renewal = ask_everybody(organization, sender, olga)
    arrived(people)
    counting.progress(renewal)
    button = {"kind": "choice", "choice_id": f"arengo:renew:{renewal.pk}"}
    said = [
        message(person.address, words, sent_at=timezone.now())
        for person, words in ((people[0], "sì"), (people[1], "no"), (people[2], "ISCRIVIMI"))
    ]
    for one in (*said, message(people[3].address, "Accetto", sent_at=timezone.now(), **button)):
        with transaction.atomic():
            arrivals.receive(Batch(organization.pk, sender.pk, [one], "whatsapp"))
    end(renewal)
    silent = Asking.objects.filter(renewal=renewal, state=Asking.State.UNANSWERED).order_by("pk")
    closing.put_back(silent[0].pk, by=olga)
    renewals.restore(renewal.pk, by=olga)
    closing.run_restoring(organization.pk, renewal.pk)
    with every_organization("retention"):
        keeping.forget(timezone.now() + 2 * keeping.KEPT)


def asked_twice(organization: Organization, sender: Sender) -> None:
    """Joins that are confirmed in words and with the button, one that is taken back, one that expires."""
    ask_twice()
    for number, answer in enumerate(("sì", "", "no", None)):
        person = citizen(f"Attesa {number}")
        first = message(person.address, "ISCRIVIMI", sent_at=timezone.now())
        button = {"kind": "choice", "choice_id": "arengo:confirm"} if answer == "" else {}
        second = message(person.address, answer or "Confermo", sent_at=timezone.now(), **button)
        for one in (first, second) if answer is not None else (first,):
            with transaction.atomic():
                arrivals.receive(Batch(organization.pk, sender.pk, [one], "whatsapp"))
        pending.panel(HttpRequest(), person.contact)
    pending.point()
    forget_pending(0)
    ask_twice(on=False)


def polls(organization: Organization, sender: Sender, olga: Person) -> None:
    """Two polls: votes pressed, counted, merged, taken back, closed; keys that nobody needs."""
    voters = [citizen(f"Votante {number}") for number in range(25)]
    now = timezone.now()
    for closes in (False, True):
        update = Update.objects.create(
            organization=organization,
            kind="poll",
            title="Parco",
            state=Update.State.PUBLISHED,
            author=olga,
            edited_by=olga,
            edited_at=now,
            sent_by=olga,
        )
        poll = poll_of_sent(update, [1] * 25, [voter.pk for voter in voters])
        button = {"kind": "choice", "choice_id": f"arengo:poll:{update.pk}:2"}
        pressed = message(voters[0].address, "Voto 2", sent_at=now, **button)
        with transaction.atomic():
            arrivals.receive(Batch(organization.pk, sender.pk, [pressed], "whatsapp"))
        votes_counting.count(poll.pk)
        report_of(update)
        if closes:
            votes_verbs.close_now(poll.pk, by=olga)
            votes_counting.close(poll.pk)
            report_of(update)
            receipts.problems(Poll.objects.get(pk=poll.pk))
    merged = IdentitiesMerged(voters[0].contact_id, voters[0].pk, voters[1].contact_id, voters[1].pk)
    with transaction.atomic():
        hearing.identities_merged(Batch(organization.pk, 0, [merged]))
    count_votes(0)


def proving(organization: Organization) -> None:
    """The proof of one consent, and a page of the proofs of everybody."""
    page = next(proof_rows.pages())
    told = proof_rows.answers(page)
    for consent in page[:3]:
        sheet.sheet(sheet.found(consent.pk) or consent, organization, None)
        proof_rows.row(consent, told.get(consent.pk), proof_rows.numbers())


def the_topics(organization: Organization, citizen: Citizen, olga: Person) -> None:
    """Chosen in the chat; counted, merged, removed and given back by the staff."""
    first, second = (
        topic_verbs.add(QUARTERS, organization, Written(name, []), by=olga) for name in ("Borgo", "Centro")
    )
    automatic.switch([CHOICES], on=True)
    for words in ("ISCRIVIMI BORGO", "TEMI", "CANCELLAMI EVENTI", "ISCRIVIMI"):
        citizen.text(words)
    citizen.text("ISCRIVIMI BORGO")
    topic_counts.both()
    topic_counts.overlap(QUARTERS, first.pk, second.pk)
    merged = topic_verbs.merge(QUARTERS, first.pk, second.pk, by=olga)
    topic_verbs.undo(merged.pk, by=olga)
    removed = topic_verbs.remove(QUARTERS, first.pk, to=second.pk, by=olga)
    topic_verbs.undo(removed.pk, by=olga)


def the_night(organization: Organization, olga: Person) -> None:
    """One batch of each rule, with somebody held; what the page says of it; a hold that ends."""
    held_person = Contact.objects.filter(erased_at=None).latest("pk")
    hold = holding_verbs.place(held_person, "Causa 4417/2026", timezone.localdate(), by=olga)
    tomorrow = timezone.now() + timedelta(days=1)
    for held in (holds.held(), Held()):
        for rule in retention.kept():
            if rule.counted is not None:
                rule.counted.count(tomorrow, held, most=shown.MOST_COUNTED + 1)
                rule.counted.held_back(tomorrow, held, most=running.MOST_COUNTED)
                rule.counted.oldest()
            if rule.forgets is not None:
                rule.forgets.forget(tomorrow, held)
    running.run(retention.rule("audience.edits"), Aging(Edited.objects.all, at="at"), organization)
    rows = shown.rows(late=())
    shown.nightly(rows, is_late=False)
    nights.late()
    nights.gone_since(tomorrow)
    holding.standing(held_person)
    holding_verbs.release(hold, by=olga)
    holding_verbs.end_due()


def the_links(first: Citizen, second: Citizen, olga: Person) -> None:
    """Two chats of one person: the code, what is said in either, where they are reached, apart again; and once more, to stay."""
    automatic.switch([linking.KIND], on=True)
    first.text("collega")
    [one, other] = (_identity(each) for each in (first, second))
    second.text("000 000")  # a wrong one
    second.text(codes.make(one, first.sender.pk))
    second.text("ISCRIVIMI")
    second.text("ricevi qui")
    [found] = links_verbs.of_contact(one.contact_id)
    standing.beside(one.contact_id)
    links_verbs.prefer(found, one, by=olga)
    checking.on_the_list([one.subject_hash, other.subject_hash], "whatsapp")
    with every_organization("retention"):
        codes.forget_old()
    first.text("scollega")
    links_verbs.link(one, other, senders=(first.sender.pk, second.sender.pk))


def _identity(citizen: Citizen) -> Identity:
    found: Identity = Identity.objects.get(phone_hash=phone_hash("whatsapp", citizen.phone))
    return found


def the_people(organization: Organization) -> None:
    """Pages of the list with each filter, searches, what is counted, and the export of the filtered list."""
    topic = Topic.objects.earliest("pk").pk
    for wanted in (
        People(),
        People(left=True),
        People(topic=topic, stopped=True, way="staff"),
        People(left=True, topic=topic, way="import", stopped=True),
    ):
        people_rows.of_subscriptions(walk(wanted, wanted.start()).found)
        list(exports._rows(walk(wanted, wanted.start()).found))
    for typed in ("anna", "persona 12", "zzz", "+39 333 000 0001"):
        found = people_finding.find(people_query := people_finding.read(typed))
        people_rows.of_contacts(found.contacts, people_query)
    people_counts.counts()
    people_counts.keep()
    places.lines()
    today = timezone.localdate()
    for each in series.kinds():
        each.read(organization, [Column(today, today, "", "")])
    ways.places(["Iscrivimi (da: biblioteca)"])


def their_rights(person: Contact, sender: Sender, organization: Organization, olga: Person) -> None:
    """A page that is opened, and what is done there; an administrator who must say whom a breach touches."""
    identity = Identity.objects.filter(contact=person).latest("pk")
    token = links.make(identity, sender.pk, organization, by=olga).rstrip("/").rpartition("/")[2]
    links.look_at(token)
    opened = links.open_link(token)
    if isinstance(opened, links.Opened):
        links.of_browser(opened.browser)
    links.forget_old()
    asked = Asked(Way.COUNTER, Check.DOCUMENT, olga)
    personal_data.amounts(person.pk)
    for chapter in personal_data.chapters(person.pk):
        list(chapter.lines)
    list(personal_data.files(person.pk))
    rights.record(person, Right.COPY, Way.LETTER, timezone.localdate(), by=olga)
    rights.hand_out(person, asked)
    rights.correct(person, "Un altro nome", asked)
    rights.object_to(person, asked)
    rights.objected(person)
    opening.note(person, by=olga)
    lately, now = timezone.now() - timedelta(hours=1), timezone.now()
    touched.writers(lately, now)
    breach.accounts(lately, now)
    breach.touched_by(olga.pk, lately, now)
    list(breach._rows([person.pk]))
