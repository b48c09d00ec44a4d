# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in which a canned reply is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.form_fields import DayField, MeasuredField
from arengo.desk.models import Desk
from arengo.desk.replies import filling
from arengo.desk.replies.models import CannedReply

LONGEST = 4_000  # characters; with its variables filled in it must still fit into one message
MOST_FILES = 5


class ReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    text = MeasuredField(
        label=gettext_lazy("Testo"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy(
            "Fra graffe ciò che si compila da solo, fra quadre ciò che si chiede: «Buongiorno {nome}, la aspettiamo [giorno].»"
        ),
    )
    desk = forms.ModelChoiceField(
        label=gettext_lazy("Sportello"),
        queryset=Desk.unscoped.none(),
        required=False,
        empty_label=gettext_lazy("Tutti gli sportelli"),
    )
    link = forms.URLField(
        label=gettext_lazy("Pagina ufficiale"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Si aggiunge in fondo al testo, se non c’è già."),
    )
    check_by = DayField(
        label=gettext_lazy("Da rivedere entro"),
        required=False,
        help_text=gettext_lazy("Dopo questo giorno chi la usa legge che è da rivedere."),
    )

    class Meta:
        model = CannedReply
        fields = ("title", "text", "topic", "desk", "link", "check_by")
        help_texts = {"topic": gettext_lazy("Per trovarla e raggrupparla: Anagrafe, Scuola, Eventi…")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk"].queryset = Desk.objects.all()  # type: ignore[attr-defined]  # of a ModelChoiceField

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if problem := text_problem(text):
            raise forms.ValidationError(problem)
        return text


def text_problem(text: str) -> str:
    """Why this text cannot be used; "" where it can."""
    if unknown := filling.unknown(text):
        return _("Non so che cosa mettere al posto di %(names)s. Si può scrivere: %(known)s.") % {
            "names": ", ".join(f"{{{name}}}" for name in unknown),
            "known": ", ".join(f"{{{each.name}}}" for each in filling.registered()),
        }
    if len(filling.blanks(text)) > filling.MOST_BLANKS:
        return _("Gli spazi da riempire possono essere al massimo %(most)d.") % {"most": filling.MOST_BLANKS}
    return ""
