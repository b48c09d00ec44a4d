# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen's card and their rights, proofs and policies. The people: ``people_list``; how many: ``overview``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience import basis_words, consent, opening, panels, people, privacy, standing
from arengo.audience.basis_words import BasisWords
from arengo.audience.models import Consent, Contact, Identity, Policy, Subscription
from arengo.core import clean_text, erasures
from arengo.core.access import FORM, membership_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.erasure_words import Progress, progress
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen


@dataclass(frozen=True)
class Reached:
    """One address of a citizen, as their card shows it."""

    identity: Identity
    phone: str
    subscription: Subscription | None

    @property
    def elsewhere(self) -> Identity | None:
        """Where they are reached instead, of who linked two chats and is on the list."""
        own = self.subscription
        if own is None or own.replaced_by is None:
            return None
        return own.replaced_by if standing.is_listed(own) else None

    @property
    def username(self) -> str:
        return clean_text.name(self.identity.username)


@dataclass(frozen=True)
class CitizenPage(Screen):
    """``progress``: how far the erasure is, of somebody who was erased."""

    contact: Contact
    name: str
    reached: Sequence[Reached]
    consents: Sequence[Consent]
    words: BasisWords
    panels: Sequence[panels.Shown]
    progress: Progress | None
    may_unsubscribe: bool


@staff(Role.EDITOR, Role.OPERATOR, Role.AUDITOR)
def citizen(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects, pk=pk)
    if contact.erased_at is None:
        opening.note(contact, by=person_of(request))
    membership = membership_of(request)
    whole = people.may_see_numbers(membership)
    identities = contact.identities.select_related(
        f"subscription__{standing.LISTED}", "contact"
    ).prefetch_related("subscription__topics", "subscription__quarters")
    page = CitizenPage(
        contact=contact,
        name=people.name_of(contact),
        reached=[
            Reached(
                identity,
                people.shown_phone(identity) if whole else people.masked_phone(identity),
                getattr(identity, "subscription", None),
            )
            for identity in identities.order_by("pk")
        ],
        consents=privacy.consents_of(contact),
        words=basis_words.words(),
        panels=[] if contact.erased_at else panels.shown(request, contact),
        progress=progress(note) if contact.erased_at and (note := erasures.of(contact)) else None,
        may_unsubscribe=membership is not None and membership.has(Role.EDITOR),
    )
    return render_screen(request, "audience/citizen.html", page)


@dataclass(frozen=True)
class Leaving(Question):
    identity: Identity


def _leaving(request: HttpRequest, pk: int, identity_id: int) -> Leaving:
    identity = get_object_or_404(Identity.objects.select_related("contact"), pk=identity_id, contact_id=pk)
    # A person with two numbers is on the list with each: the question says which.
    subject = " · ".join(
        filter(None, [isolated(people.name_of(identity.contact)), people.masked_phone(identity)])
    )
    return Leaving(reverse("audience:citizen", args=[pk]), subject, identity)


@staff(Role.EDITOR, methods=FORM)
@asks("audience/leave_question.html", _leaving)
def unsubscribe(request: HttpRequest, pk: int, identity_id: int) -> HttpResponse:
    identity = get_object_or_404(Identity.objects.select_related("contact"), pk=identity_id, contact_id=pk)
    step = consent.withdraw(identity, at=timezone.now(), source=Consent.Source.STAFF, by=person_of(request))
    if step.outcome is consent.Outcome.LEFT:
        messages.success(request, _("Iscrizione cancellata: non riceverà più gli avvisi."))
    else:
        messages.info(request, _("Non era più fra gli iscritti."))
    return redirect("audience:citizen", pk=pk)


@staff()
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as it was, for who reads a consent that names it."""
    found = get_object_or_404(Policy.objects, pk=pk)
    newest = Policy.objects.filter(kind=found.kind).order_by("-version").first()
    return render(request, "audience/policy.html", {"policy": found, "in_force": newest == found})
