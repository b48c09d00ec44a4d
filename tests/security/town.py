# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two towns with one of everything, and people of every role.

Each table of a town counts from the same number on: whatever model an address means with ``<id:…>``, OURS is the first of
Comune di Esempio and THEIRS the first of Comune di Altrove. A model that is added later gets its sample in
:func:`_fill` or in ``samples.py``; ``test_samples.py`` and ``test_every_address_with_an_id_shows_something_of_ours`` say when
one is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from arengo.audience.defaults import create_defaults
from arengo.audience.models import ListSettings
from arengo.channel.models import Channel
from arengo.core.health import beat
from arengo.core.models import Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk import replying
from arengo.desk.directory import verbs as directory
from arengo.desk.directory.models import DirectoryEntry
from arengo.desk.files import Prepared
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.replies import verbs as replies
from arengo.desk.replies.models import CannedReply
from arengo.newsroom import publishing, writing
from arengo.newsroom.drafts import Draft, Flash
from arengo.newsroom.outlets.byhand import tasks
from arengo.newsroom.outlets.byhand.models import Task
from arengo.newsroom.pictures import fit
from arengo.newsroom.schedule import rhythm, verbs as schedule
from arengo.newsroom.schedule.clock import Times
from tests.factories.accounts import invitation
from tests.factories.core import HOST, STRANGER_HOST, make_organization, make_person, member
from tests.factories.delivery import make_sender, set_price
from tests.factories.double_opt_in import of_double_opt_in
from tests.factories.drafting import of_drafting
from tests.factories.intake import journal
from tests.factories.newsroom import approve_templates
from tests.factories.pictures import picture
from tests.factories.renewals import of_renewals
from tests.factories.unreached import of_unreached
from tests.factories.webhooks import webhook as webhook_of
from tests.security import lists, samples

OURS, THEIRS = 7001, 8001
SAMPLES = range(OURS, OURS + 4)  # of a model may be several, e.g. a draft and what was sent
ROLES = (Role.OPERATOR, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass
class Town:
    organization: Organization
    host: str
    sender: Sender
    people: dict[str, Person] = field(default_factory=dict)  # by role; "nobody" is a member of nothing


def two_towns() -> tuple[Town, Town]:
    beat("worker-1", "worker")  # for /readyz
    towns = _town(HOST, "esempio", OURS), _town(STRANGER_HOST, "altrove", THEIRS)
    samples.taken_back([(town.organization, town.people[Role.ADMINISTRATOR]) for town in towns])
    return towns


def _town(host: str, name: str, first: int) -> Town:
    _count_from(first)
    organization = make_organization(f"Comune di {name.title()}", name, host)
    with organization_scope(organization):
        sender = make_sender(organization, organization.name, display_phone="+39 055 000 0001")
        town = Town(organization, host, sender)
        for role in ROLES:
            town.people[role] = member(organization, f"{role}@{host}", f"{role} Esempio", role, proved=False)
        town.people["nobody"] = make_person(f"nobody@{host}", "N", proved=False)
        _fill(town)
    return town


def _count_from(first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public'")
        for (sequence,) in cursor.fetchall():
            cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {first}")


def webhook(
    messages: Iterable[dict[str, Any]] = (), statuses: Iterable[dict[str, Any]] = (), **value: Any
) -> bytes:
    """With Anna's contact."""
    anna = {"profile": {"name": "Anna Esempio", "username": "anna"}, "wa_id": "393330000001"}
    return webhook_of(**{"contacts": [anna], "messages": list(messages), "statuses": list(statuses), **value})


def said(number: int, kind: str, content: Any, sender: str = "393330000001", **more: Any) -> dict[str, Any]:
    return {
        "from": sender,
        "id": f"wamid.{number}",
        "timestamp": str(int(timezone.now().timestamp())),
        "type": kind,
        kind: content,
        **more,
    }


def _fill(town: Town) -> None:
    organization, sender, editor = town.organization, town.sender, town.people[Role.EDITOR]
    create_defaults(organization)
    approve_templates(organization, sender)
    invitation(organization, f"nuova@{town.host}", "Nuova Esempio", Role.OPERATOR, by=editor)
    set_price(organization, "0.056", valid_from=date(2026, 1, 1))
    samples.of_spending(sender)
    _citizens(town)
    lists.of_rights(town.people[Role.ADMINISTRATOR])
    samples.of_hours(town.people[Role.ADMINISTRATOR])
    _insertions(town.people[Role.ADMINISTRATOR])
    samples.of_citizens(sender, town.people[Role.OPERATOR])
    samples.of_desk(town.people[Role.OPERATOR], town.people[Role.ADMINISTRATOR])
    samples.of_house_rules(town.people[Role.OPERATOR], town.people[Role.ADMINISTRATOR])
    image = fit(ContentFile(picture((1200, 628)), name="foto.jpg"))
    slots = (Flash("Sabato il mercato si sposta", "https://www.comune.example.it/"), *[Flash("")] * 3)
    written = Draft(
        title="La settimana",
        slots=slots,
        has_image=True,
        image_alt="Una piazza",
        outlets=("list", "channel"),
    )
    draft = writing.create(organization, written, by=editor, image=image)
    of_drafting(organization, draft, editor, town.people[Role.ADMINISTRATOR])
    _planned(organization, editor, slots)
    for key, outlets in (("both", ("list", "channel")), ("channel", ("channel",))):
        news = Draft(title="Il mercato", slots=slots, image_alt="Una piazza", outlets=outlets)
        # The list would want the picture at the platform, which nobody plays here.
        sent = writing.create(organization, news, by=editor, image=image if key == "channel" else None)
        publishing.publish(organization, sent.pk, by=editor, key=key, version=sent.version)
        publishing.carry_out(organization.pk, sent.pk)
    _by_hand(town, image, slots)
    samples.of_deliveries(sender, town.people[Role.OPERATOR], town.people[Role.ADMINISTRATOR])
    lists.of_imports(organization, sender, town.people[Role.ADMINISTRATOR])
    of_unreached(organization, sender)
    lists.of_overview(organization)
    lists.of_places(organization, town.people[Role.ADMINISTRATOR])
    lists.of_retention(organization, town.people[Role.ADMINISTRATOR])
    lists.of_topics(organization, town.people[Role.ADMINISTRATOR])
    lists.of_links(sender)
    lists.of_proofs(organization, town.people[Role.ADMINISTRATOR])
    of_renewals(organization, sender, town.people[Role.ADMINISTRATOR])
    of_double_opt_in(sender)
    lists.of_polls(organization)
    samples.of_figures(organization, town.people[Role.OPERATOR], town.people[Role.ADMINISTRATOR])


def _insertions(by: Person) -> None:
    """A canned reply with a file, and an entry of the directory."""
    content = ContentFile(b"%PDF-1.4 sample")
    modulo = Prepared(Message.Kind.DOCUMENT, content, "application/pdf", "modulo.pdf", content.size)
    later = timezone.localdate() + timedelta(days=90)
    replies.save(
        CannedReply(title="Orari", text="Apre alle 9, {nome}.", check_by=later), by=by, files=[modulo]
    )
    directory.save(DirectoryEntry(name="Anagrafe", place="Piazza del Popolo 1"), by=by)


def _planned(organization: Organization, editor: Person, slots: tuple[Flash, ...]) -> None:
    """A draft that leaves in a week, and a town with a plan."""
    rhythm.change(organization, Times(weekdays=[1, 4], at=11 * 60), by=editor)
    later = Draft(title="Notizie di dicembre", slots=slots, kind="digest", outlets=("channel",))
    update = writing.create(organization, later, by=editor)
    at = timezone.now() + timedelta(days=7)
    schedule.plan(organization, update.pk, at, version=update.version, by=editor)


def _by_hand(town: Town, image: ContentFile[bytes], slots: tuple[Flash, ...]) -> None:
    """A copy that waits for a person to put it on the WhatsApp channel."""
    organization, editor = town.organization, town.people[Role.EDITOR]
    Channel.objects.update(whatsapp_url="https://whatsapp.com/channel/0029Esempio")
    news = Draft(title="A mano", slots=slots, image_alt="Una piazza", has_image=True, outlets=("byhand",))
    sent = writing.create(organization, news, by=editor, image=image)
    publishing.publish(organization, sent.pk, by=editor, key="byhand", version=sent.version)
    publishing.carry_out(organization.pk, sent.pk)
    task = Task.objects.get()
    today = timezone.localdate()
    tasks.note_reading(task.pk, day=today, followers=13_000, reactions=41, votes=None, by=editor)


def _citizens(town: Town) -> None:
    join = ListSettings.objects.get().join_words[0]
    bodies = (
        webhook(
            [
                said(
                    1, "image", {"id": "media-1", "mime_type": "image/jpeg", "caption": "*Buca* in via Roma"}
                ),
                said(2, "text", {"body": join}),
                said(3, "location", {"latitude": 43.77, "longitude": 11.25, "name": "Piazza"}),
                said(4, "text", {"body": "E allora?"}, context={"id": "wamid.1"}),
            ]
        ),
        webhook([{"id": "wamid.5", "type": "text"}]),  # unreadable
    )
    for body in bodies:
        journal(town.sender, body)
    samples.read_all()
    attachment = Attachment.objects.get()
    attachment.file.save("", ContentFile(picture((1200, 628))), save=False)
    attachment.size, attachment.state = len(picture((1200, 628))), Attachment.State.READY
    attachment.make_thumbnail()
    attachment.save()
    operator = town.people[Role.OPERATOR]
    replying.reply(
        Conversation.objects.get(),
        by=operator,
        text="Passiamo domani.",
        files=[SimpleUploadedFile("modulo.pdf", b"%PDF-1.4 sample", "application/pdf")],
        key="k",
    )
