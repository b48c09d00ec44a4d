# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor. It takes whatever was written, so that nothing is lost; ``checking`` then says what must change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from arengo.core import images, outside
from arengo.core.clean_text import isolated
from arengo.core.form_fields import CountField
from arengo.core.lengths import Limit
from arengo.delivery.models import Sender
from arengo.newsroom import topics
from arengo.newsroom.checking import ALT, LINE, TEXT, TITLE, Problem, with_scheme
from arengo.newsroom.drafts import Draft, Flash, draft_of
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import DEFAULT_KIND, MOST_ITEMS, Rubric, Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.pictures import UnfitImage, fit

_MOST = 20_000  # characters of any field: more is no writing
SLOTS = range(1, MOST_ITEMS + 1)


class TopicsField(forms.TypedMultipleChoiceField):
    """Ids of topics or quarters. One that was deleted meanwhile is kept: the draft then says so (``topics.gone``)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(coerce=int, **more)

    def valid_value(self, value: object) -> bool:
        return outside.whole(value) is not None


class UpdateForm(forms.Form):
    kind = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    version = CountField(required=False, widget=forms.HiddenInput)
    born_as = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Titolo"), required=False, max_length=_MOST)
    image = forms.FileField(
        label=_("Immagine"),
        required=False,
        help_text=_(
            "JPEG, PNG, WebP o HEIC (le foto degli iPhone), al massimo 5 MB. Orizzontale rende meglio."
        ),
    )
    remove_image = forms.BooleanField(label=_("Togli l'immagine"), required=False)
    image_chosen = forms.BooleanField(required=False, widget=forms.HiddenInput)
    image_alt = forms.CharField(
        label=_("Che cosa si vede nell'immagine"),
        required=False,
        max_length=_MOST,
        help_text=_("Una frase per chi non la vede, per esempio «Bancarelle in piazza Roma»."),
    )
    outlets = forms.MultipleChoiceField(
        label=_("Dove esce"), required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = TopicsField(
        label=_("Temi"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Sulla lista lo riceve chi ha scelto uno di questi temi e chi li riceve tutti. Nessuno: tutti gli iscritti."
        ),
    )
    quarters = TopicsField(
        label=_("Quartieri"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Sulla lista lo riceve chi ha scelto uno di questi quartieri e chi non ne ha scelti. Nessuno: tutta la città."
        ),
    )
    sender = forms.TypedChoiceField(label=_("Da quale numero"), required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        *args: Any,
        senders: Sequence[Sender] = (),
        stored: Sequence[str] = (),
        kind: str = "",
        **kwargs: Any,
    ) -> None:
        """``stored``: the outlets of the draft that is edited; they can be chosen though they are offered no more.

        ``kind``: that of a stored draft; of a new one the form says it. ``writes``: the kind whose fields it has.
        """
        super().__init__(*args, **kwargs)
        said = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        self.writes = kinds.find(kind or outside.text(said, most=40)) or kinds.usual()
        outlets = self.fields["outlets"]
        assert isinstance(outlets, forms.MultipleChoiceField)  # noqa: S101  # declared above
        outlets.choices = [
            (one.key, one.words.name) for one in registry.outlets() if one.key in stored or one.is_offered()
        ]
        for name, known in (("topics", topics.choices()), ("quarters", topics.quarter_choices())):
            if known:
                self.fields[name].choices = known  # type: ignore[attr-defined]  # declared above
            else:
                del self.fields[name]
        self.fitted: ContentFile[bytes] | None = None
        for number in SLOTS:
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Testo"),
                required=False,
                max_length=_MOST,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"rubric_{number}"] = forms.ChoiceField(
                label=_("Di che cosa parla"), required=False, choices=Rubric.choices
            )
            self.fields[f"url_{number}"] = forms.CharField(
                label=_("Collegamento alla pagina ufficiale"),
                required=False,
                max_length=_MOST,
                widget=forms.TextInput(
                    attrs={"inputmode": "url", "placeholder": "https://", "spellcheck": "false"}
                ),
            )
        self.fields.update(self.writes.fields())
        self.fields["image"].widget.attrs["accept"] = images.ACCEPT
        if len(senders) > 1:
            sender = self.fields["sender"]
            assert isinstance(sender, forms.ChoiceField)  # noqa: S101  # declared above
            sender.choices = [
                (one.pk, f"{isolated(one.name)} {one.display_phone}".strip()) for one in senders
            ]
        else:
            del self.fields["sender"]

    def clean_image(self) -> None:
        chosen = self.cleaned_data.get("image")
        if not isinstance(chosen, UploadedFile):
            return
        try:
            self.fitted = fit(chosen)
        except UnfitImage as unfit:
            raise forms.ValidationError(str(unfit)) from unfit

    def clean_kind(self) -> str:
        """Of a draft that is not stored yet; a stored one keeps its own."""
        chosen = kinds.find(self.cleaned_data["kind"])
        return (chosen or kinds.usual()).key

    @property
    def readable(self) -> bool:
        """Everything but the image could be taken as it is: it may be saved."""
        return not (set(self.errors) - {"image"})

    def draft(self, update: Update | None) -> Draft:
        """What is written, with the image that would be there after saving."""
        data = self.cleaned_data
        stored = bool(update and update.image) and not data.get("remove_image")
        return Draft(
            title=data.get("title", ""),
            slots=moved(tuple(self._flash(number) for number in SLOTS), self.data.get("action")),
            has_image=stored or self.fitted is not None or bool(data.get("image_chosen")),
            image_alt=data.get("image_alt", ""),
            outlets=tuple(data.get("outlets", ())),
            sender_id=data.get("sender"),
            topics=tuple(data.get("topics", ())),
            quarters=tuple(data.get("quarters", ())),
            kind=update.kind if update else data.get("kind") or DEFAULT_KIND,
            content=dict(update.content)
            if update and kinds.find(update.kind) is None
            else self.writes.content(data),
            update_id=update.pk if update else None,
        )

    def _flash(self, number: int) -> Flash:
        data = self.cleaned_data
        return Flash(
            data.get(f"text_{number}", ""),
            with_scheme(data.get(f"url_{number}", "")),
            data.get(f"rubric_{number}", ""),
        )

    def show(self, problems: Iterable[Problem]) -> None:
        """Each at its field; what belongs to none, above the form."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.words)

    def slots(self) -> list[Slot]:
        return [
            Slot(number, self[f"text_{number}"], self[f"url_{number}"], self[f"rubric_{number}"])
            for number in SLOTS
        ]


class Slot:
    """One place for a flash in the editor."""

    def __init__(
        self, number: int, text: forms.BoundField, url: forms.BoundField, rubric: forms.BoundField
    ) -> None:
        self.number = number
        self.text = text
        self.url = url
        self.rubric = rubric

    @property
    def is_last(self) -> bool:
        return self.number == MOST_ITEMS

    @property
    def is_open(self) -> bool:
        """The first two are asked for; the others wait folded until they are used."""
        return self.number <= 2 or bool(
            self.text.value() or self.url.value() or self.text.errors or self.url.errors
        )


def moved(slots: tuple[Flash, ...], asked: str | None) -> tuple[Flash, ...]:
    """«up-3»: the third item changes places with the second; «down-3» with the fourth. What is no move changes nothing."""
    way, _dash, number = outside.text(asked, most=10).partition("-")
    place = outside.whole(number, least=1, most=len(slots))
    other = None if place is None else {"up": place - 1, "down": place + 1}.get(way)
    if place is None or other is None or other not in SLOTS:
        return slots
    found = list(slots)
    found[place - 1], found[other - 1] = found[other - 1], found[place - 1]
    return tuple(found)


def rubric_of(kind: str, number: int) -> str:
    """Of an empty place; "" where items of this kind are not told apart."""
    known = kinds.find(kind)
    return known.rubrics[number - 1] if known and number <= len(known.rubrics) else ""


def form_of(update: Update, senders: Sequence[Sender]) -> UpdateForm:
    """The editor filled with a stored draft: bound, so that what is wrong with it can be shown."""
    draft = draft_of(update)
    data: dict[str, Any] = {
        "version": update.version,
        "title": draft.title,
        "image_alt": draft.image_alt,
        "outlets": [outlet.key for outlet in registry.chosen(draft.outlets)],
        "topics": list(draft.topics),
        "quarters": list(draft.quarters),
        "sender": draft.sender_id or (senders[0].pk if senders else ""),
    }
    for number, flash in enumerate(draft.slots, start=1):
        data[f"text_{number}"], data[f"url_{number}"] = flash.text, flash.url
        data[f"rubric_{number}"] = flash.rubric or rubric_of(update.kind, number)
    kind = kinds.find(draft.kind)
    data |= kind.typed(draft.content) if kind else {}
    return UpdateForm(data, senders=senders, stored=draft.outlets, kind=draft.kind)


@dataclass(frozen=True)
class EditorLimits:
    title: Limit
    text: Limit
    line: Limit
    alt: Limit


LIMITS = EditorLimits(Limit(TITLE), Limit(TEXT), Limit(LINE), Limit(ALT))
