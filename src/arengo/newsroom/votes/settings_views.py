# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Sondaggi: what is said to who votes."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import automatic
from arengo.core.access import FORM, organization_of
from arengo.core.clean_text import isolated
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import MeasuredField
from arengo.core.screens import Screen
from arengo.newsroom.votes import answers
from arengo.newsroom.votes.models import PollWords

_MOST = 800  # characters, ours: it stands over a button, for which platforms take less than a message


class WordsForm(forms.Form):
    taken = MeasuredField(
        label=gettext_lazy("A chi vota"),
        max_length=_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Si mettono da soli: {domanda}, {fine} (fino a quando si vota), {pagina} (l’indirizzo del sondaggio), {ente}. "
            "Sotto sta il pulsante «Cambia voto». Che cosa ha votato non si dice: i messaggi inviati restano."
        ),
    )
    late = MeasuredField(
        label=gettext_lazy("A chi vota dopo la chiusura"),
        max_length=_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_taken(self) -> str:
        return self._known("taken")

    def clean_late(self) -> str:
        return self._known("late")

    def _known(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        if unknown := answers.unknown_placeholders(text):
            names = ", ".join("{" + isolated(each) + "}" for each in unknown)
            raise forms.ValidationError(
                _("Non si sa che cosa mettere al posto di %(names)s.") % {"names": names}
            )
        return text


@dataclass(frozen=True)
class WordsPage(Screen):
    on: bool


@setting(methods=FORM)
def words(request: HttpRequest) -> HttpResponse:
    form = WordsForm(posted(request), initial=answers.words_of(organization_of(request)))
    if form.is_valid():
        with transaction.atomic():
            PollWords.objects.update_or_create(defaults=form.cleaned_data)
            record(request, "newsroom.changed_poll_words")
        messages.success(request, _("Parole salvate."))
        return redirect("settings:polls")
    page = WordsPage(on=answers.TAKEN in automatic.switched_on())
    return show(request, "newsroom_votes/words.html", page, form=form, status=422 if form.is_bound else 200)
