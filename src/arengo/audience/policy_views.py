# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Informativa e regole: versions that never change; a new one is in force at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience import basis_words, policies
from arengo.audience.defaults import on_basis
from arengo.audience.models import ListSettings, Policy
from arengo.audience.renewals import estimating
from arengo.audience.wording import Wording, longest_message
from arengo.core.access import FORM, organization_of, person_of
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.form_fields import MeasuredField
from arengo.core.screens import Screen

_LONGEST_SUMMARY = 1500
NOBODY, EVERYBODY = "nobody", "everybody"


class PolicyForm(forms.Form):
    summary = MeasuredField(
        label=gettext_lazy("Testo breve"),
        max_length=_LONGEST_SUMMARY,
        help_text=gettext_lazy("Si manda nella chat a chi si iscrive, al posto di {informativa} o {regole}."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    text = MeasuredField(
        label=gettext_lazy("Testo completo"),
        max_length=50_000,
        help_text=gettext_lazy("Si legge sul sito. Una riga vuota separa i capoversi."),
        widget=forms.Textarea(attrs={"rows": 24}),
    )

    asking = forms.ChoiceField(
        label=gettext_lazy("Chi è già iscritto"),
        initial=NOBODY,
        widget=forms.RadioSelect,
        choices=(
            (
                NOBODY,
                gettext_lazy(
                    "Non si chiede a nessuno: la nuova versione si legge sul sito e la riceve chi si iscrive"
                ),
            ),
            (
                EVERYBODY,
                gettext_lazy(
                    "Si chiede a tutti gli iscritti di accettarla: nella pagina dopo, a quanti e a quale costo"
                ),
            ),
        ),
    )

    def __init__(self, *args: Any, kind: str, wording: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.wording = kind, wording
        if policies.current(kind) is None:  # the first version: nobody could have had another
            del self.fields["asking"]

    def welcome(self, summary: str) -> str:
        """The welcome as it would read with this summary, not yet cut to what fits."""
        is_privacy = self.kind == Policy.Kind.PRIVACY
        settings = ListSettings.objects.first()
        text = settings.welcome_text if settings else "{informativa}" if is_privacy else "{regole}"
        words = replace(self.wording, privacy=summary) if is_privacy else replace(self.wording, rules=summary)
        return words.fill(text)

    def clean_summary(self) -> str:
        summary: str = self.cleaned_data["summary"]
        if problem := longest_message().problem(self.welcome(summary)):
            raise forms.ValidationError(
                _("Con questo testo il messaggio di benvenuto sarebbe troppo lungo: accorcialo. %(problem)s")
                % {"problem": problem}
            )
        return summary


@dataclass(frozen=True)
class OfKind:
    """``kind``: as addresses name it. ``versions``: the newest first; that one is in force."""

    kind: str
    label: str
    versions: Sequence[Policy]


@dataclass(frozen=True)
class PoliciesPage(Screen):
    kinds: Sequence[OfKind]


@dataclass(frozen=True)
class NewPolicyPage(Screen):
    """``welcome``: the message with the summary as it stands. ``text``: whole, where its preview was asked for.
    ``missing``: why people could not be asked to accept it now.
    """

    label: str
    version: int
    welcome: str
    text: str
    missing: Sequence[str]


@setting()
def policies_page(request: HttpRequest) -> HttpResponse:
    versions = list(Policy.objects.order_by("-version").only("kind", "version", "published_at", "summary"))
    kinds = [
        OfKind(kind.value, str(kind.label), [each for each in versions if each.kind == kind])
        for kind in Policy.Kind
    ]
    return show(request, "audience/settings/policies.html", PoliciesPage(kinds))


@setting(methods=FORM)
def new_policy(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in Policy.Kind.values:
        raise Http404
    in_force = policies.current(kind)
    initial = {"text": in_force.text, "summary": in_force.summary} if in_force else {}
    if "base" in request.GET:  # from the terms: the same text on the basis that is set now
        organization, basis = organization_of(request), basis_words.current()
        initial = {name: on_basis(words, organization, basis) for name, words in initial.items()}
    wording = Wording.of(organization_of(request))
    form = PolicyForm(posted(request), initial=initial, kind=kind, wording=wording)
    preview = request.POST.get("action") == "preview"
    if request.method == "POST" and form.is_valid() and not preview:
        published = policies.publish_policy(
            kind, form.cleaned_data["text"], form.cleaned_data["summary"], person_of(request)
        )
        messages.success(
            request,
            _("Pubblicata la versione %(version)d: è in vigore da adesso.") % {"version": published.version},
        )
        if form.cleaned_data.get("asking") == EVERYBODY:
            return redirect("audience:renewal_ask", published.pk)
        return redirect("settings:policies")
    page = NewPolicyPage(
        label=str(Policy.Kind(kind).label),
        version=in_force.version + 1 if in_force else 1,
        welcome=longest_message().cut(form.welcome(str(form["summary"].value() or ""))),
        text=str(form["text"].value() or "") if preview else "",
        missing=estimating.standing() if in_force else [],
    )
    return show(
        request, "audience/settings/policy_new.html", page, form=form, status=422 if form.errors else 200
    )
