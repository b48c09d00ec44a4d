# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rights on a citizen's own page: what is held, their name, to object, to be erased. The link shows that it is they."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from arengo.audience import people, privacy, standing
from arengo.audience.models import Consent, Contact, Subscription
from arengo.audience.personal import sections
from arengo.audience.personal.sections import Done, Refused, Section, Visit
from arengo.audience.rights import archive, verbs
from arengo.audience.rights.models import Check, Way
from arengo.audience.rights.verbs import Asked
from arengo.core import attempts, outside
from arengo.core.ceilings import Ceiling
from arengo.core.console import personal_data
from arengo.core.screens import Screen
from arengo.core.sending_files import file_response

ARCHIVES = Ceiling("archives of a person's data", 6, timedelta(hours=1))
_ASKED = Asked(Way.PAGE, Check.LINK)
_MOST_WORDS = 10  # of what somebody said of the list, on the page; the archive has all


@dataclass(frozen=True)
class HeldPart(Screen):
    """``phone``: masked. ``said``: the latest words about the list; ``more``: there are others."""

    name: str
    phone: str
    platform: str
    known_since: datetime
    amounts: Sequence[str]
    kinds: Sequence[str]
    said: Sequence[Consent]
    more: bool


def _held(visit: Visit) -> HeldPart:
    contact = visit.identity.contact
    said = privacy.consents_of(contact, most=_MOST_WORDS + 1)
    return HeldPart(
        people.display_name(visit.identity),
        people.masked_phone(visit.identity),
        visit.identity.words.name,
        contact.created_at,
        personal_data.amounts(contact.pk),
        [str(holding.words) for holding in personal_data.holdings()],
        said[:_MOST_WORDS],
        len(said) > _MOST_WORDS,
    )


def _download(visit: Visit) -> HttpResponseBase:
    attempts.attempt(ARCHIVES, f"contact:{visit.identity.contact_id}")
    try:
        return handed_out(visit.request, visit.identity.contact, _ASKED)
    except (archive.NoRoom, verbs.NotDone) as why:
        raise Refused(str(why)) from why


def handed_out(request: HttpRequest, contact: Contact, asked: Asked) -> HttpResponseBase:
    """The archive, as a download. NoRoom, NotDone."""
    file = archive.written(contact)
    try:
        verbs.hand_out(contact, asked)
    except BaseException:
        file.close()
        raise
    response = file_response(request, file, "application/zip")
    response["Content-Disposition"] = f'attachment; filename="{archive.NAME}"'
    return response


@dataclass(frozen=True)
class NamePart(Screen):
    """``typed``: what the box holds: their name, or what was refused."""

    typed: str


def _name(visit: Visit) -> NamePart:
    typed = outside.text(visit.typed.get("name"), most=400) if visit.typed is not None else None
    return NamePart(visit.identity.contact.name if typed is None else typed)


def _correct(visit: Visit) -> Done:
    try:
        verbs.correct(visit.identity.contact, outside.text(visit.request.POST.get("name"), most=400), _ASKED)
    except verbs.NotDone as why:
        raise Refused(str(why)) from why
    return Done(_("Ora ti chiamiamo così."))


@dataclass(frozen=True)
class ObjectPart(Screen):
    """``since``: of an objection that stands."""

    since: datetime | None
    subscribed: bool


def _objection(visit: Visit) -> ObjectPart:
    contact = visit.identity.contact
    found = verbs.objected(contact)
    theirs = Subscription.objects.filter(identity__contact=contact).select_related(standing.LISTED)
    subscribed = any(standing.is_listed(own) for own in theirs)
    return ObjectPart(found.at if found else None, subscribed)


def _object(visit: Visit) -> Done:
    try:
        verbs.object_to(visit.identity.contact, _ASKED)
    except verbs.NotDone as why:
        raise Refused(str(why)) from why
    return Done(
        _(
            "Opposizione registrata: non ti mandiamo più avvisi, da nessun numero. Lo sportello ti risponde ancora."
        )
    )


@dataclass(frozen=True)
class ErasePart(Screen):
    """``consents``: how many proofs stay, without a name. ``linked``: another chat of theirs has a card of its own, which stays."""

    amounts: Sequence[str]
    consents: int
    linked: bool


def erase_part(contact: Contact) -> ErasePart:
    proofs = Consent.objects.filter(identity__contact=contact).count()
    return ErasePart(personal_data.amounts(contact.pk), proofs, bool(standing.beside(contact.pk)))


def _erasing(visit: Visit) -> ErasePart:
    return erase_part(visit.identity.contact)


def _erase(visit: Visit) -> Done:
    if outside.text(visit.request.POST.get("sure"), most=10) != "yes":
        raise Refused(_("Conferma con il segno di spunta che vuoi cancellare tutto."))
    try:
        verbs.erase(visit.identity.contact, _ASKED)
    except verbs.NotDone as why:
        raise Refused(str(why)) from why
    return Done(_("Abbiamo cancellato tutto quello che ti riguarda."), ends=True)


def register() -> None:
    folder = "audience_rights/own"
    sections.register(Section("held", f"{folder}/held.html", 60, _held, _download))
    sections.register(Section("name", f"{folder}/name.html", 70, _name, _correct))
    sections.register(
        Section(
            "object",
            f"{folder}/object.html",
            80,
            _objection,
            _object,
            question=f"{folder}/object_question.html",
        )
    )
    sections.register(
        Section(
            "erase", f"{folder}/erase.html", 90, _erasing, _erase, question=f"{folder}/erase_question.html"
        )
    )
