# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator types of a topic or quarter: name, words, season."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience.list_views import Lines
from arengo.audience.models import ListSettings
from arengo.audience.naming import LONGEST_NAME, LONGEST_WORD, Named
from arengo.audience.topics.sorts import SORTS, Sort
from arengo.audience.topics.verbs import Written
from arengo.audience.words.folding import words_of
from arengo.core.clean_text import isolated
from arengo.core.form_fields import MeasuredField
from arengo.core.lengths import Limit

_MOST_WORDS = 30
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})")
_LEAP = 2024  # has a 29 February


class DayOfYear(forms.CharField):
    """A day and month as people write them, «1/6»; as a value «06-01», the empty one «»."""

    def prepare_value(self, value: Any) -> Any:
        return shown_day(value) if isinstance(value, str) and re.fullmatch(r"\d\d-\d\d", value) else value

    def to_python(self, value: Any) -> str:
        typed = (super().to_python(value) or "").strip()
        if not typed:
            return ""
        found = _DAY.fullmatch(typed)
        try:
            day = date(_LEAP, int(found[2]), int(found[1])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise forms.ValidationError(_("Scrivi giorno e mese, per esempio 1/6."))
        return f"{day:%m-%d}"


def shown_day(kept: str) -> str:
    """«1/6» for «06-01»."""
    month, _dash, day = kept.partition("-")
    return f"{int(day)}/{int(month)}" if day else ""


class NamedForm(forms.Form):
    """``one``: None of a new one. ``places``: how many there are, from which its own can be chosen."""

    name = MeasuredField(
        label=gettext_lazy("Nome"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Come lo leggono i cittadini."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    words = Lines(
        label=gettext_lazy("Come lo chiamano le persone"),
        required=False,
        help_text=gettext_lazy(
            "Una parola per riga, oltre al nome: chi scrive ISCRIVIMI e una di queste lo riceve. Maiuscole e accenti non contano."
        ),
    )
    season_from = DayOfYear(
        label=gettext_lazy("Offerto dal (giorno/mese)"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("Per esempio 1/6. Vuoto: tutto l’anno."),
    )
    season_to = DayOfYear(
        label=gettext_lazy("al (giorno/mese)"),
        required=False,
        max_length=10,
        help_text=gettext_lazy(
            "Fuori stagione non si propone a chi sceglie; chi lo ha già lo tiene, e riceve ciò che se ne scrive."
        ),
    )
    place = forms.TypedChoiceField(
        label=gettext_lazy("Posto nell’elenco"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self, *args: Any, sort: Sort, one: Named | None = None, places: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sort, self.one = sort, one
        self.fields["words"].widget.attrs["rows"] = 5
        if not sort.has_seasons:
            del self.fields["season_from"], self.fields["season_to"]
        place = self.fields["place"]
        assert isinstance(place, forms.TypedChoiceField)  # noqa: S101  # declared above
        if places > 1:
            place.choices = [(number, str(number)) for number in range(1, places + 1)]
        else:
            del self.fields["place"]

    @property
    def name_limit(self) -> Limit:
        return Limit(LONGEST_NAME)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if not words_of(name):
            raise forms.ValidationError(_("Il nome deve contenere almeno una lettera."))
        self._must_be_free([name])
        return name

    def clean_words(self) -> list[str]:
        words = [
            part.strip() for line in self.cleaned_data["words"] for part in line.split(",") if part.strip()
        ]
        if len(words) > _MOST_WORDS:
            raise forms.ValidationError(_("Al massimo 30 parole."))
        for word in words:
            if len(word) > LONGEST_WORD:
                raise forms.ValidationError(
                    _("«%(word)s…» supera i 40 caratteri.") % {"word": isolated(word[:20])}
                )
            if not words_of(word):
                raise forms.ValidationError(_("«%(word)s» non contiene lettere.") % {"word": isolated(word)})
        self._must_be_free(words)
        return list(dict.fromkeys(words))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("season_from"), cleaned.get("season_to")
        both_read = "season_from" not in self.errors and "season_to" not in self.errors
        if both_read and bool(begins) != bool(ends):
            empty = "season_to" if begins else "season_from"
            self.add_error(empty, _("Servono tutti e due i giorni, o nessuno dei due."))
        return cleaned

    @property
    def written(self) -> Written:
        data = self.cleaned_data
        return Written(
            data["name"], data["words"], data.get("season_from") or "", data.get("season_to") or ""
        )

    def _must_be_free(self, words: list[str]) -> None:
        """No two share a word: a message could mean either. A word of joining or leaving is none of theirs."""
        taken = {
            words_of(word): other
            for sort in SORTS.values()
            for other in sort.model.in_use()
            if self.one is None or (sort.key, other.pk) != (self.sort.key, self.one.pk)
            for word in (other.name, *other.words)
        }
        settings = ListSettings.objects.first()
        commands = (
            {words_of(word) for word in (*settings.join_words, *settings.leave_words)} if settings else set()
        )
        for word in words:
            if (other := taken.get(words_of(word))) is not None:
                raise forms.ValidationError(
                    _("«%(word)s» è già di «%(name)s».")
                    % {"word": isolated(word), "name": isolated(other.name)}
                )
            if words_of(word) in commands:
                raise forms.ValidationError(
                    _("«%(word)s» serve già per iscriversi o cancellarsi.") % {"word": isolated(word)}
                )
