# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Fai ricevere qui» and «Scollega» on a citizen's card."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.audience import people
from arengo.audience.linking import verbs
from arengo.audience.linking.models import Link
from arengo.audience.linking.panel import MAY_CHANGE
from arengo.audience.models import Contact, Identity
from arengo.core.access import FORM, WRITE, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks


def _link_of(pk: int, link_id: int) -> Link:
    """404 for a link of somebody else's card."""
    theirs = Q(preferred__contact=pk) | Q(other__contact=pk)
    found: Link = get_object_or_404(Link.objects.filter(theirs), pk=link_id)
    return found


@staff(*MAY_CHANGE, methods=WRITE)
def prefer(request: HttpRequest, pk: int, link_id: int, identity_id: int) -> HttpResponse:
    found = _link_of(pk, link_id)
    identity = get_object_or_404(
        Identity.objects.filter(pk__in=[found.preferred_id, found.other_id]), pk=identity_id
    )
    if verbs.prefer(found, identity, by=person_of(request)):
        messages.success(request, _("Da ora riceve su %(platform)s.") % {"platform": identity.words.name})
    else:
        messages.info(request, _("Riceveva già lì, o nel frattempo le chat sono state scollegate."))
    return redirect("audience:citizen", pk=pk)


@dataclass(frozen=True)
class Parting(Question):
    contact: Contact
    link_pk: int


def _parting(request: HttpRequest, pk: int, link_id: int) -> Parting:
    found = _link_of(pk, link_id)
    contact = get_object_or_404(Contact.objects, pk=pk)
    return Parting(
        reverse("audience:citizen", args=[pk]), isolated(people.name_of(contact)), contact, found.pk
    )


@staff(*MAY_CHANGE, methods=FORM)
@asks("audience_linking/unlink_question.html", _parting)
def unlink(request: HttpRequest, pk: int, link_id: int) -> HttpResponse:
    if verbs.unlink(_link_of(pk, link_id), by=person_of(request)):
        messages.success(request, _("Scollegate: ogni chat ha di nuovo la sua iscrizione."))
    else:
        messages.info(request, _("Erano già scollegate."))
    return redirect("audience:citizen", pk=pk)
