# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts, updates and the templates that they are sent by."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Fanout, MessageTemplate, Sender
from arengo.delivery.templates.components import components_of
from arengo.delivery.templates.sample_picture import sample_picture
from arengo.newsroom import publishing
from arengo.newsroom.drafts import Draft, Flash
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.channel import KEY as CHANNEL
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from arengo.newsroom.pictures import fit
from arengo.newsroom.templates import BUILT_IN, CATEGORY, LANGUAGE

MARKET = Flash("Sabato il mercato si sposta in piazza Roma", "https://www.comune.example.it/mercato")
LIBRARY = Flash("La biblioteca apre anche di sera", "https://www.comune.example.it/biblioteca")


def approve_templates(organization: Organization, sender: Sender, status: str = "APPROVED") -> None:
    """The platform has all that the newsroom sends by, in this state."""
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


def publish(organization: Organization, update: Update, by: Person, key: str = "page-1") -> Update:
    return publishing.publish(organization, update.pk, by=by, key=key, version=update.version)


def jobs_of(update: Update) -> int:
    return ProcrastinateJob.objects.filter(
        task_name="newsroom.send_update", args__update_id=update.pk
    ).count()


def sent_update(fanout: Fanout, title: str, by: Person, **fields: Any) -> Update:
    """The update of which this mailing is the list's copy."""
    now = timezone.now()
    update: Update = Update.objects.create(
        organization_id=fanout.organization_id, state=Update.State.PUBLISHED, title=title, author=by, edited_by=by,
        edited_at=now, sent_at=now, **fields,
    )  # fmt: skip
    Placement.objects.create(
        organization_id=fanout.organization_id,
        update=update,
        outlet=LIST,
        state=Placement.State.DONE,
        reference=str(fanout.pk),
    )
    return update
