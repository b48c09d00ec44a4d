# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Labels put on conversations and taken off; and the organization's list of them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit, outside
from arengo.core.clean_text import isolated
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.labels.models import LONGEST, Label, Labelled
from arengo.desk.models import Conversation

MOST_LABELS = 200  # of an organization
MOST_ON_ONE = 20  # of a conversation


class LabelRefused(HandlingRefused):
    """Why it cannot be done, in the user's language."""


@again_if_undone
def put_on(conversation: Conversation, label: Label, *, by: Person | None) -> None:
    """The conversation carries the label; once more changes nothing. LabelRefused for one that is not offered, or too many.

    Locks the conversation. Nobody's screen is told when nothing changes.
    """
    if not label.active:
        raise LabelRefused(_("L’etichetta «%(name)s» non è più in uso.") % {"name": isolated(label)})
    with transaction.atomic():
        held = locked(conversation)
        carried = Labelled.objects.filter(conversation=held)
        if carried.filter(label=label, removed_at=None).exists():
            return
        if carried.filter(removed_at=None).count() >= MOST_ON_ONE:
            raise LabelRefused(
                _("Una conversazione porta al massimo %(most)d etichette.") % {"most": MOST_ON_ONE}
            )
        Labelled.objects.update_or_create(
            conversation=held,
            label=label,
            organization_id=held.organization_id,
            defaults={"by": by, "at": timezone.now(), "removed_at": None},
        )
        announce(held.organization_id, "inbox", held.topic)


@again_if_undone
def take_off(conversation: Conversation, label: Label) -> None:
    """The conversation does not carry the label any more. Locks the conversation."""
    with transaction.atomic():
        held = locked(conversation)
        carried = Labelled.objects.filter(conversation=held, label=label, removed_at=None)
        if carried.update(removed_at=timezone.now()):
            announce(held.organization_id, "inbox", held.topic)


def add(organization: Organization, name: str, *, by: Person | None) -> Label:
    """A new label, or one that was out of use, back. LabelRefused when it is in use already, or there are too many."""
    name = _checked(name)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        known: Label | None = Label.objects.filter(name__iexact=name).first()
        if known is not None and known.active:
            raise LabelRefused(_("L’etichetta «%(name)s» c’è già.") % {"name": isolated(known)})
        if Label.objects.filter(active=True).count() >= MOST_LABELS:
            raise LabelRefused(_("Al massimo %(most)d etichette: togline prima una.") % {"most": MOST_LABELS})
        label = known or Label(organization=organization)
        label.name, label.active = name, True
        label.save()
        audit.record("desk.added_label", organization=organization, by=by, on=label)
    return label


def rename(label: Label, name: str, *, by: Person) -> None:
    """The conversations that carry it show the new name. LabelRefused when another one has it."""
    name = _checked(name)
    if name == label.name:
        return
    try:
        with transaction.atomic():
            label.name = name
            label.save(update_fields=["name"])
            audit.record("desk.changed_label", organization=label.organization_id, by=by, on=label)
            announce(label.organization_id, "inbox")
    except IntegrityError as taken:
        raise LabelRefused(_("L’etichetta «%(name)s» c’è già.") % {"name": isolated(name)}) from taken


def offer(label: Label, *, on: bool, by: Person) -> None:
    """Out of use it is not offered any more and stays on its conversations; «rimetti in uso» brings it back."""
    with transaction.atomic():
        if not Label.objects.filter(pk=label.pk, active=not on).update(active=on):
            return
        audit.record("desk.changed_label", organization=label.organization_id, by=by, on=label)


def move(kept_id: int, gone_id: int) -> None:
    """Two conversations became one, which carries the labels of both. In the transaction of the merge."""
    carried = Labelled.objects.filter(conversation_id=kept_id).values("label_id")
    Labelled.objects.filter(conversation_id=gone_id).exclude(label_id__in=carried).update(
        conversation_id=kept_id
    )


def _checked(name: str) -> str:
    name = " ".join(outside.text(name).split())
    if not name:
        raise LabelRefused(_("Scrivi il nome dell’etichetta."))
    if len(name) > LONGEST:
        raise LabelRefused(_("Al massimo %(most)d caratteri.") % {"most": LONGEST})
    return name
