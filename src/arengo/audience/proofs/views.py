# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof of one consent: to be read, and to be taken away as a PDF or as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arengo.audience import basis_words, people, privacy
from arengo.audience.basis_words import BasisWords
from arengo.audience.models import Consent
from arengo.audience.proofs import data
from arengo.audience.proofs.document import document
from arengo.audience.proofs.sheet import Sheet, found, sheet
from arengo.core import audit
from arengo.core.access import WRITE, membership_of, organization_of, person_of, staff
from arengo.core.documents.pdf import DocumentRefused, pdf
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen

_MOST_OTHERS = 20


@dataclass(frozen=True)
class ProofPage(Screen):
    """``others``: the person's other declarations, the newest first, without this one."""

    consent: Consent
    name: str
    sheet: Sheet
    words: BasisWords
    others: Sequence[Consent]
    may_take: bool
    may_inspect: bool


def _consent(pk: int) -> Consent:
    one = found(pk)
    if one is None:
        raise Http404
    return one


@staff(Role.EDITOR, Role.AUDITOR)
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    consent = _consent(pk)
    membership = membership_of(request)
    contact = consent.identity.contact if consent.identity else None
    others = [each for each in privacy.consents_of(contact) if each.pk != pk] if contact else []
    page = ProofPage(
        consent=consent,
        name=people.name_of(contact) if contact else "",
        sheet=sheet(consent, organization_of(request), membership),
        words=basis_words.words(),
        others=others[:_MOST_OTHERS],
        may_take=membership is not None and membership.has(Role.EDITOR),
        may_inspect=membership is not None and membership.has(Role.ADMINISTRATOR),
    )
    return render_screen(request, "audience_proofs/proof.html", page)


@staff(Role.EDITOR, methods=WRITE)
def as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The log says who took it."""
    consent = _consent(pk)
    organization, by = organization_of(request), person_of(request)
    shown = sheet(consent, organization, membership_of(request))
    try:
        made = pdf(document(shown, str(by), organization.language))
    except DocumentRefused:
        messages.error(request, _("I testi allegati sono troppo lunghi per un solo PDF."))
        return redirect("audience:proof", pk)
    _noted(request, consent, "pdf")
    return _file(HttpResponse(made, content_type="application/pdf"), f"prova-{pk}.pdf")


@staff(Role.EDITOR, methods=WRITE)
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    consent = _consent(pk)
    _noted(request, consent, "json")
    made = JsonResponse(
        data.of(consent, organization_of(request)), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    return _file(made, f"prova-{pk}.json")


def _noted(request: HttpRequest, consent: Consent, form: str) -> None:
    audit.record(
        "audience.downloaded_proof",
        organization=consent.organization_id,
        by=person_of(request),
        on=consent,
        detail={"form": form},
    )


def _file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
