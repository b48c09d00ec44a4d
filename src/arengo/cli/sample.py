# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sample Comune of the demo: made at its first start, completed and pointed at the sandbox at each.

It is made by the same verbs that people use. What somebody changed in the demo stays as they left it.
"""

from __future__ import annotations

import time

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from arengo.audience import answers, defaults
from arengo.audience.topics import verbs
from arengo.audience.topics.sorts import QUARTERS
from arengo.audience.topics.verbs import Written
from arengo.config import environment
from arengo.core import audit, automatic
from arengo.core.models import Membership, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.delivery.prices import lists
from arengo.delivery.senders import activation
from arengo.delivery.templates import administration
from arengo.delivery.templates.sample_picture import sample_picture
from arengo.newsroom import writing
from arengo.newsroom.drafts import Draft, Flash, filled_up
from arengo.newsroom.outlets.base import registry
from arengo.platforms.calls import call
from arengo.platforms.contract import Credentials, Refusal
from arengo_sandbox.account import account_from

from . import sample_answers, sample_desk
from .cast import STAFF
from .emblem import emblem
from .running import status
from .sample_citizens import Citizens
from .sample_phones import Phones
from .words import Refused, _

_SLUG = "esempio"
_GRAPH_VERSION = "v24.0"
# The others, one of them without a phone number, are for people who try the demo.
_FIRST_SUBSCRIBERS = ("Bruno Campione", "Carla Prova", "Dario Modello")
_QUARTERS = (
    Written("Centro", ["centro storico"]),
    Written("Borgo", ["borgo nuovo"]),
    Written("San Martino", []),
)
_SITE_WITHIN = 60.0  # seconds


def make() -> None:
    """The Comune, its staff, its number at the sandbox; on the first start also some life."""
    organization, is_new = _organization()
    with organization_scope(organization):
        staff = {each.email: _person(organization, each.email, each.name, each.roles) for each in STAFF}
        defaults.create_defaults(organization)
        automatic.switch_on_new([answers.CHOICES])
        lists.use(organization, timezone.localdate())
        sender = _sender(organization)
        _connect(sender)
        if is_new:
            _draft(organization, sender, by=staff[STAFF[1].email])
            # Some of the sandbox's citizens write the word that subscribes, as anybody would.
            phones = Phones(int(environment.value("SANDBOX_PORT")))
            for name in _FIRST_SUBSCRIBERS:
                phones.write(name, {"type": "text", "text": defaults.JOIN_WORDS[0].capitalize()})
            olga, _edo, ada, vito = (staff[each.email] for each in STAFF)
            for quarter in _QUARTERS:
                verbs.add(QUARTERS, organization, quarter, by=ada)
            desks = sample_desk.make(organization, by=ada, police=[olga, vito])
            sample_desk.make_words(organization, desks, by=ada)
            citizens = Citizens(phones, desks)
            citizens.write()
            sample_answers.make(citizens, desks, olga=olga, vito=vito)


def _organization() -> tuple[Organization, bool]:
    found = Organization.objects.filter(slug=_SLUG).first()
    if found:
        return found, False
    with transaction.atomic():
        organization = Organization(
            name="Comune di Esempio",
            slug=_SLUG,
            tagline="Un Comune di prova, per vedere come funziona",
            parent_name="Regione di Esempio",
            parent_url="https://www.regione.example.it/",
            website="https://www.comune.example.it/",
            email="urp@comune.example.it",
            pec="comune@pec.example.it",
            phone="055 000 0000",
            address="Piazza di Esempio 1, 00000 Esempio",
            reports_url="https://www.comune.example.it/segnalazioni",
            dpo_contact="dpo@comune.example.it",
            legal_notes="Questo sito è una dimostrazione: Comune, persone e messaggi sono di esempio.",
            accessibility_url="https://www.comune.example.it/accessibilita",
        )
        organization.logo.save("esempio.png", ContentFile(emblem()), save=False)
        organization.full_clean()
        organization.save()
        audit.record("core.organization_created", organization=organization, by=None, on=organization)
    return organization, True


def _person(organization: Organization, email: str, name: str, roles: tuple[str, ...]) -> Person:
    """Somebody of the sample staff, who signs in with the password that the demo prints."""
    own = Person.objects.filter(email=email, memberships__organization=organization)
    person = own.first() or Person(email=email, name=name)
    password = environment.value("ARENGO_DEMO_PASSWORD")
    if not person.pk or not person.is_active or not person.check_password(password):
        person.is_active = True
        person.set_password(password)
        person.save()
    Membership.objects.get_or_create(
        organization=organization, person=person, defaults={"roles": list(roles)}
    )
    return person


def _sender(organization: Organization) -> Sender:
    """The sample number. Its provider is the sandbox, wherever that listens today."""
    account = account_from()
    number = account.numbers[0]
    credentials = Credentials(
        base_url=f"http://127.0.0.1:{environment.value('SANDBOX_PORT')}",
        version=_GRAPH_VERSION,
        number_id=number.id,
        account_id=account.waba_id,
        token=account.access_token,
        app_secret=account.app_secret,
        verify_token="sandbox-verify-token",  # noqa: S106 - a sample value, valid nowhere else
    )
    sender: Sender | None = Sender.objects.order_by("pk").first()
    if sender is None:
        sender = Sender(organization=organization, name="WhatsApp di prova", display_phone=number.display)
    elif sender.credentials == credentials:
        return sender
    sender.credentials = credentials
    sender.save()
    activation.changed(sender)
    return sender


def _connect(sender: Sender) -> None:
    """The platform sends its webhooks here, and knows our templates."""
    callback = f"http://127.0.0.1:{environment.value('ARENGO_PORT')}/hooks/{sender.hook_key}"
    credentials = sender.credentials
    # The platform asks our address for its handshake before it takes it.
    deadline = time.monotonic() + _SITE_WITHIN
    address = f"http://127.0.0.1:{environment.value('ARENGO_PORT')}/healthz"
    while status(address) != 200:
        if time.monotonic() > deadline:
            raise Refused(_("il sito non risponde su %(address)s") % {"address": address})
        time.sleep(0.1)
    try:
        call(sender.platform, lambda platform, web: platform.subscribe(web, credentials, callback))
        made = administration.create_missing(sender, by=None)
    except Refusal as refusal:
        words = _("il WhatsApp di prova ha rifiutato il collegamento: %(reason)s")
        raise Refused(words % {"reason": f"{refusal.code} {refusal.title} {refusal.details}"}) from refusal
    if made.refused:
        words = _("il WhatsApp di prova ha rifiutato un modello: %(reason)s")
        raise Refused(words % {"reason": made.refused[0].reason})


def _draft(organization: Organization, sender: Sender, *, by: Person) -> None:
    """Something to look at, change and send."""
    draft = Draft(
        title="Cosa succede questa settimana",
        slots=filled_up(
            [
                Flash(
                    "Sabato il mercato si sposta in piazza di Esempio",
                    "https://www.comune.example.it/mercato",
                ),
                Flash(
                    "L'anagrafe apre anche martedì dalle 15 alle 17", "https://www.comune.example.it/anagrafe"
                ),
            ]
        ),
        has_image=True,
        image_alt="Disegno di un palazzo comunale con la scritta «Esempio»",
        outlets=registry.at_first(),
        sender_id=sender.pk,
    )
    writing.create(organization, draft, by=by, image=ContentFile(sample_picture(), name="esempio.jpg"))
