# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the newsroom's tests share: a town with subscribers, approved templates and a price."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.audience.defaults import create_defaults
from arengo.audience.models import Contact, Identity, Subscription, phone_hash
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import MessageTemplate, Price, Sender
from arengo.delivery.templates.components import components_of
from arengo.delivery.templates.sample_picture import sample_picture
from arengo.newsroom import publishing, writing
from arengo.newsroom.drafts import Draft, Flash
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.channel import KEY as CHANNEL
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, placing
from arengo.newsroom.pictures import fit
from arengo.newsroom.templates import BUILT_IN, CATEGORY, LANGUAGE
from tests.browser_kit import chromium, visit
from tests.settings_town import invited, marked, places, price, rita, settings_town

__all__ = ["chromium", "invited", "marked", "places", "price", "rita", "settings_town", "visit"]


@pytest.fixture(autouse=True)
def _media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def subscribe(organization: Organization, sender: Sender, count: int, first: int = 1) -> None:
    """That many sample citizens on the list, with numbers that nobody has."""
    with organization_scope(organization):
        contacts = Contact.objects.bulk_create(Contact(organization=organization) for _ in range(count))
        phones = [f"+3933300{number:05d}" for number in range(first, first + count)]
        identities = Identity.objects.bulk_create(
            Identity(
                organization=organization,
                contact=contact,
                platform="whatsapp",
                phone_sealed=vault().seal_text(phone, purpose="phone"),
                phone_hash=phone_hash("whatsapp", phone),
            )
            for contact, phone in zip(contacts, phones, strict=True)
        )
        Subscription.objects.bulk_create(
            Subscription(
                organization=organization, identity=identity, sender_id=sender.pk, since=timezone.now()
            )
            for identity in identities
        )


def approve_templates(organization: Organization, sender: Sender, status: str = "APPROVED") -> None:
    with organization_scope(organization):
        MessageTemplate.objects.bulk_create(
            MessageTemplate(
                organization=organization,
                sender=sender,
                template_id=str(number),
                name=built_in.name,
                language=LANGUAGE,
                category=CATEGORY,
                status=status,
                parameter_format="named",
                components=components_of(built_in, organization),
            )
            for number, built_in in enumerate(BUILT_IN, start=1)
        )


def set_price(
    organization: Organization, amount: str = "0.05600", currency: str = "EUR", **more: Any
) -> Price:
    with organization_scope(organization):
        price: Price = Price.objects.create(
            organization=organization,
            category=more.pop("category", "marketing"),
            amount=Decimal(amount),
            currency=currency,
            valid_from=more.pop("valid_from", date(2026, 10, 1)),
            **more,
        )
    return price


MARKET = Flash("Sabato il mercato si sposta in piazza Roma", "https://www.comune.example.it/mercato")
LIBRARY = Flash("La biblioteca apre anche di sera", "https://www.comune.example.it/biblioteca")


def draft(**changes: Any) -> Draft:
    return Draft(
        **{
            "title": "Gli appuntamenti della settimana",
            "slots": (MARKET, LIBRARY, Flash(""), Flash("")),
            "outlets": (LIST, CHANNEL),
            **changes,
        }
    )


def sample_image() -> ContentFile[bytes]:
    return fit(ContentFile(sample_picture(), name="foto.jpg"))


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    """Comune di Esempio, ready to send: three subscribers, approved templates, a price."""
    create_defaults(scope)
    subscribe(scope, sender, 3)
    approve_templates(scope, sender)
    set_price(scope)
    return scope


@pytest.fixture
def write(esempio: Organization, edo: Person) -> Callable[..., Update]:
    """``write(title="…", photo=True)``: a draft by Edo."""

    def written(*, photo: bool = False, **changes: Any) -> Update:
        if photo:
            changes = {"has_image": True, "image_alt": "Una piazza disegnata", **changes}
        with organization_scope(esempio):
            return writing.create(esempio, draft(**changes), by=edo, image=sample_image() if photo else None)

    return written


@pytest.fixture
def out(town: Organization, write: Callable[..., Update], edo: Person) -> Update:
    """An update that was handed over to list and channel."""
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    return update


def publish(town: Organization, update: Update, by: Person, key: str = "page-1") -> Update:
    return publishing.publish(town, update.pk, by=by, key=key, version=update.version)


def jobs_of(update: Update) -> int:
    return ProcrastinateJob.objects.filter(
        task_name="newsroom.send_update", args__update_id=update.pk
    ).count()


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every upload of an image, instead of the platform; each answers with a media id."""
    done: list[str] = []

    def call(name: str, act: object, *, within: float = 30.0) -> str:
        done.append(name)
        return f"media-{len(done)}"

    monkeypatch.setattr(placing, "call", call)
    return done
