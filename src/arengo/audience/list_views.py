# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parole e messaggi della lista: how people join and leave, what they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience.models import ListSettings
from arengo.audience.receiving import Names
from arengo.audience.topic_words import TopicWords
from arengo.audience.wording import (
    PLACEHOLDERS,
    Wording,
    longest_message,
    opening_problems,
    unknown_placeholders,
)
from arengo.audience.words.folding import words_of
from arengo.core.access import FORM, organization_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import MeasuredField
from arengo.core.screens import Screen

_LONGEST_WORD, _MOST_WORDS = 60, 40
TEXTS = (
    "welcome_text",
    "already_text",
    "goodbye_text",
    "not_subscribed_text",
    "accepted_text",
    "confirm_text",
)
_ABOUT_TOPICS = ("welcome_text", "already_text")


class Lines(forms.CharField):
    """A text of one item a line, as a list."""

    widget = forms.Textarea(attrs={"rows": 8})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(list(initial or []) != self.to_python(data))


class ListForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    join_words = Lines(
        label=gettext_lazy("Parole per iscriversi"),
        required=False,
        help_text=gettext_lazy(
            "Una per riga. La prima è quella dei manifesti. Maiuscole, accenti e punteggiatura non contano; il messaggio deve "
            "dire solo questo, con al più un saluto o un grazie."
        ),
    )
    leave_words = Lines(
        label=gettext_lazy("Parole per cancellarsi"),
        required=False,
        help_text=gettext_lazy(
            "Una per riga. Se una parola è in entrambi gli elenchi, vince la cancellazione."
        ),
    )

    class Meta:
        model = ListSettings
        fields = ("join_words", "leave_words", *TEXTS)
        field_classes = dict.fromkeys(TEXTS, MeasuredField)
        help_texts = {
            "welcome_text": gettext_lazy("Si manda a chi si iscrive: deve dire come ci si cancella."),
            "already_text": gettext_lazy("Se è vuoto, non si risponde."),
            "goodbye_text": gettext_lazy("Se è vuoto, la cancellazione avviene senza conferma."),
            "not_subscribed_text": gettext_lazy("Se è vuoto, non si risponde."),
            "confirm_text": gettext_lazy(
                "Si usa solo con la doppia conferma, in Condizioni dell’iscrizione: deve dire di rispondere SÌ."
            ),
            "accepted_text": gettext_lazy(
                "A chi risponde di sì quando si chiede di nuovo, in Iscritti → Conferme. Se è vuoto, non si risponde."
            ),
        }

    def __init__(self, *args: Any, wording: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording
        self.fields["welcome_text"].required = True
        for name in TEXTS[1:]:
            self.fields[name].widget.attrs["rows"] = 3

    def clean_join_words(self) -> list[str]:
        return _fit_words(self.cleaned_data["join_words"])

    def clean_leave_words(self) -> list[str]:
        return _fit_words(self.cleaned_data["leave_words"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (
            self.instance.double_opt_in
            and not cleaned.get("confirm_text")
            and "confirm_text" not in self.errors
        ):
            self.add_error(
                "confirm_text", _("Serve finché c’è la doppia conferma: senza, nessuno potrebbe iscriversi.")
            )
        joins, leaves = cleaned.get("join_words") or [], cleaned.get("leave_words") or []
        if joins and not leaves and "leave_words" not in self.errors:
            self.add_error(
                "leave_words", _("Chi si iscrive deve potersi cancellare: serve almeno una parola.")
            )
        both = {words_of(word) for word in joins} & {words_of(word) for word in leaves}
        for word in both:
            self.add_error(
                "leave_words",
                _("«%(word)s» è anche fra le parole per iscriversi.") % {"word": " ".join(word)},
            )
        topics = TopicWords.of(self.instance.organization.language, Names.in_use(), joins, leaves)
        for name in TEXTS:
            text = cleaned.get(name) or ""
            problem = text_problem(text, self.wording)
            if not problem and text and name in _ABOUT_TOPICS:
                problem = _problem_with_topics(text, self.wording, topics)
            if problem:
                self.add_error(name, problem)
        return cleaned


def text_problem(text: str, wording: Wording) -> str:
    """Why this text could not be sent; empty when it can."""
    if unknown := unknown_placeholders(text):
        return _("Fra le graffe si può scrivere solo %(known)s; non %(unknown)s.") % {
            "known": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            "unknown": ", ".join(f"{{{name}}}" for name in unknown),
        }
    if problem := wording.problem(text):
        return _("Il messaggio intero, con informativa e regole, è troppo lungo. %(problem)s") % {
            "problem": problem
        }
    return ""


def _problem_with_topics(text: str, wording: Wording, topics: TopicWords) -> str:
    """The same for somebody who chose every topic."""
    all_named = replace(wording, topics=topics.listed(topics.names))
    after = "" if wording.names_topics(text) else topics.longest()
    if problem := all_named.problem(text, "\n\n".join(filter(None, (wording.age_after(text), after)))):
        return _("Con l’elenco dei temi, per chi li sceglie, il messaggio è troppo lungo. %(problem)s") % {
            "problem": problem
        }
    return ""


def _fit_words(words: list[str]) -> list[str]:
    if len(words) > _MOST_WORDS:
        raise forms.ValidationError(_("Al massimo 40 parole."))
    for word in words:
        if len(word) > _LONGEST_WORD:
            raise forms.ValidationError(_("«%(word)s…» supera i 60 caratteri.") % {"word": word[:20]})
        if sum(len(part) for part in words_of(word)) < 2:
            raise forms.ValidationError(_("«%(word)s» non contiene almeno due lettere.") % {"word": word})
    return words


@dataclass(frozen=True)
class ListPage(Screen):
    """``welcome``: as it would be sent, ``of_topics`` an example of what it says of topics, "" where it says nothing.
    ``opening``: what the first words of the welcome do not say.
    """

    texts: Sequence[forms.BoundField]
    welcome: str
    of_topics: str
    opening: Sequence[str]
    used: int
    longest: int
    placeholders: Sequence[str]


@setting(methods=FORM)
def list_settings(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    own = ListSettings.objects.first() or ListSettings(organization=organization)
    wording = Wording.of(organization)
    form = ListForm(posted(request), instance=own, wording=wording)
    if request.method == "POST" and form.is_valid():
        form.save()
        record(
            request,
            "audience.changed_list",
            on=own,
            changed=sorted(form.changed_data),
        )
        messages.success(request, _("Parole e messaggi salvati: valgono da adesso."))
        return redirect("settings:list")
    text = form["welcome_text"].value() or ""
    welcome = wording.message(text, wording.age_after(text))
    leave_words = str(form["leave_words"].value() or "").splitlines()
    topics = TopicWords.of(organization.language, Names.in_use(), own.join_words, own.leave_words)
    page = ListPage(
        texts=[form[name] for name in TEXTS],
        welcome=welcome,
        of_topics="" if wording.names_topics(text) else topics.example(),
        opening=opening_problems(welcome, organization.name, leave_words),
        used=longest_message().used(welcome),
        longest=longest_message().most,
        placeholders=[f"{{{name}}}" for name in PLACEHOLDERS],
    )
    return show(request, "audience/settings/list.html", page, form=form, status=422 if form.errors else 200)
