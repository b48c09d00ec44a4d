# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A redirect is sent; the organization's own list of them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arengo.core import audit, outside
from arengo.core.clean_text import isolated
from arengo.core.database import again_if_undone
from arengo.core.models import Organization, Person
from arengo.desk import replying
from arengo.desk.handling import HandlingRefused
from arengo.desk.labels import verbs as labels
from arengo.desk.labels.models import Label
from arengo.desk.models import Conversation
from arengo.desk.redirects import ready
from arengo.desk.redirects.models import MOST, Redirect, Redirected, RedirectSettings


class RedirectRefused(HandlingRefused):
    """Why it cannot be done, in the user's language."""


@again_if_undone
def send(
    conversation: Conversation,
    redirect: Redirect,
    *,
    by: Person,
    key: str,
    shown: int | None = None,
    last: int | None = None,
) -> Redirected:
    """Sends its text with its address, puts its label on the conversation, and counts it. No report is taken here.

    ``key``, ``shown``, ``last`` and what is refused: as in ``replying.reply``, which locks. RedirectRefused for one that is out of use.
    A label that is out of use, or one too many, is left out: the citizen is answered all the same.
    """
    if not redirect.active:
        raise RedirectRefused(_("Il rimando «%(name)s» non è più in uso.") % {"name": isolated(redirect)})
    with transaction.atomic():
        [message] = replying.reply(
            conversation, by=by, text=text_of(redirect), key=key, shown=shown, last=last
        )
        already: Redirected | None = Redirected.objects.filter(message=message).first()
        if already is not None:
            return already
        if redirect.label is not None:
            try:
                with transaction.atomic():
                    labels.put_on(conversation, redirect.label, by=by)
            except labels.LabelRefused:
                pass
        sent: Redirected = Redirected.objects.create(
            organization_id=conversation.organization_id,
            redirect=redirect,
            conversation_id=conversation.pk,
            message=message,
            by=by,
        )
        audit.record("desk.redirected", organization=conversation.organization_id, by=by, on=conversation)
    return sent


def text_of(redirect: Redirect) -> str:
    """As the citizen reads it. RedirectRefused where neither it nor the organization has an address."""
    link = redirect.link or RedirectSettings.objects.values_list("link", flat=True).first()
    if not link:
        raise RedirectRefused(_("Manca l’indirizzo del sistema di segnalazione: lo scrive chi amministra."))
    return redirect.text.replace(ready.LINK, link)


def set_link(organization: Organization, link: str, *, by: Person) -> None:
    """The address of the reporting system. With the first one the ready categories are there, each with its label."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        RedirectSettings.objects.update_or_create(organization=organization, defaults={"link": link})
        if not Redirect.objects.exists():
            Redirect.objects.bulk_create(
                Redirect(
                    organization=organization,
                    name=name,
                    text=text,
                    label=_label(organization, name, by=by),
                    position=position,
                )
                for position, (name, text) in enumerate(ready.CATEGORIES, 1)
            )
        audit.record("desk.changed_redirects", organization=organization, by=by)


def add(organization: Organization, *, name: str, text: str, link: str, by: Person) -> Redirect:
    """A category of the organization's own, at the end of the list. RedirectRefused for a name that is there, or too many."""
    name = _checked(name, text)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if Redirect.objects.filter(name__iexact=name).exists():
            raise RedirectRefused(_("Il rimando «%(name)s» c’è già.") % {"name": isolated(name)})
        number = Redirect.objects.count()
        if number >= MOST:
            raise RedirectRefused(_("Al massimo %(most)d rimandi.") % {"most": MOST})
        redirect: Redirect = Redirect.objects.create(
            organization=organization,
            name=name,
            text=text,
            link=link,
            label=_label(organization, name, by=by),
            position=number + 1,
        )
        audit.record("desk.changed_redirects", organization=organization, by=by, on=redirect)
    return redirect


def change(redirect: Redirect, *, name: str, text: str, link: str, by: Person) -> None:
    """The label keeps its own name. RedirectRefused for a name that another one has."""
    name = _checked(name, text)
    try:
        with transaction.atomic():
            Redirect.objects.filter(pk=redirect.pk).update(name=name, text=text, link=link)
            audit.record("desk.changed_redirects", organization=redirect.organization_id, by=by, on=redirect)
    except IntegrityError as taken:
        raise RedirectRefused(_("Il rimando «%(name)s» c’è già.") % {"name": isolated(name)}) from taken


def offer(redirect: Redirect, *, on: bool, by: Person) -> None:
    """Out of use it is not offered in a conversation; what was sent stays counted."""
    with transaction.atomic():
        if Redirect.objects.filter(pk=redirect.pk, active=not on).update(active=on):
            audit.record("desk.changed_redirects", organization=redirect.organization_id, by=by, on=redirect)


def _checked(name: str, text: str) -> str:
    name = " ".join(outside.text(name).split())
    if not name:
        raise RedirectRefused(_("Scrivi il nome della categoria."))
    if text.count(ready.LINK) != 1:
        raise RedirectRefused(_("Nel testo scrivi {link} una volta: lì va l’indirizzo."))
    return name


def _label(organization: Organization, name: str, *, by: Person) -> Label | None:
    """The label of that name, in use or not; a new one; none where there are too many labels already."""
    known: Label | None = Label.objects.filter(name__iexact=name).first()
    if known is not None:
        return known
    try:
        return labels.add(organization, name, by=by)
    except labels.LabelRefused:
        return None
