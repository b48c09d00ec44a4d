# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arengo.newsroom.comments.models import LONGEST
from arengo.newsroom.drafts import Draft
from arengo.newsroom.passages import passages


class CommentForm(forms.Form):
    about = forms.ChoiceField(label=_("Su che cosa"), required=False)
    text = forms.CharField(
        label=_("Commento"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Scrivi il commento.")},
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)  # noqa: S101  # declared above
        about.choices = [("", _("Tutto l'aggiornamento")), *labels(draft).items()]


def labels(draft: Draft) -> dict[str, str]:
    """What can be spoken of: passages where something is written."""
    return {
        passage.key: passage.label
        for passage in passages(draft)
        if passage.text and not passage.key.startswith("url_")
    }
