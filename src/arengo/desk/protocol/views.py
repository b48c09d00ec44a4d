# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Protocollo: the PDF to hand over, and the number that comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import audit
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.documents.pdf import DocumentRefused, pdf
from arengo.core.form_fields import DayField
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.handling import HandlingRefused
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.protocol import verbs
from arengo.desk.protocol.document import document
from arengo.desk.protocol.models import LONGEST_NUMBER, Registered
from arengo.desk.views import found_conversation


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Numero di protocollo"),
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    day = DayField(label=gettext_lazy("Data di protocollo"))


@dataclass(frozen=True)
class ProtocolPage(Screen):
    conversation: Conversation
    citizen: str
    registered: Sequence[Registered]
    form: NumberForm
    back: str


def _of_somebody(request: HttpRequest, pk: int) -> Conversation:
    """404 for a citizen who was erased, too: there is nothing to register any more."""
    conversation = found_conversation(request, pk)
    if conversation.identity_id is None:
        raise Http404
    return conversation


@staff(Role.OPERATOR, methods=FORM)
def protocol(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = _of_somebody(request, pk)
    given = request.POST if request.method == "POST" else None
    form, status = NumberForm(given, initial={"day": timezone.localdate()}), 200
    if given is not None:
        if form.is_valid() and _noted(form, conversation, request):
            messages.success(request, _("Numero di protocollo annotato."))
            return redirect("desk:conversation", pk)
        status = 422
    registered = list(
        Registered.objects.filter(conversation=conversation).select_related("by").order_by("-id")
    )
    back = reverse("desk:conversation", args=[pk])
    page = ProtocolPage(conversation, called(conversation), registered, form, back)
    return render_screen(request, "desk_protocol/page.html", page, status=status)


def _noted(form: NumberForm, conversation: Conversation, request: HttpRequest) -> bool:
    """Whether it could be; else the form says why not."""
    values = form.cleaned_data
    try:
        verbs.note(conversation, number=values["number"], day=values["day"], by=person_of(request))
    except HandlingRefused as refused:
        form.add_error("day", str(refused))
        return False
    return True


@staff(Role.OPERATOR, methods=WRITE)
def as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The log says who took it."""
    conversation = _of_somebody(request, pk)
    try:
        made = pdf(document(conversation, organization_of(request), membership_of(request)))
    except DocumentRefused:
        messages.error(request, _("Questa conversazione è troppo lunga per un solo PDF."))
        return redirect("desk:protocol", pk)
    audit.record(
        "desk.downloaded_conversation",
        organization=conversation.organization_id,
        by=person_of(request),
        on=conversation,
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="conversazione-{pk}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
