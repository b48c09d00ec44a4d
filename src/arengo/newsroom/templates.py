# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The message templates that updates travel in: one for each number of items, with and without an image.

They are presets of ``delivery.templates``. Their fixed words are what citizens read, so they are in the language of the
organization's messages, not of the console. A value of a template is one line (Meta, code 132018): a flash and its link are
one value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _, ngettext

from arengo.audience import choices
from arengo.audience.commands import LEAVE, Parser
from arengo.audience.models import ListSettings
from arengo.core.models import Membership, Organization, Role
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates import filling, fitting as fits
from arengo.delivery.templates.fitting import Unfit
from arengo.delivery.templates.presets import Category, Preset, Purpose, Words, organization_name
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import MOST_ITEMS
from arengo.platforms.contract import Template
from arengo.platforms.registry import common_limits

LANGUAGE = "it"
# Meta: events and newsletters are marketing; only essential notices are utility.
CATEGORY = Category.MARKETING.value
FALLBACK_LEAVE_WORD = "CANCELLAMI"
LEAVE_CHOICE = choices.id_of(LEAVE)

PURPOSE = Purpose(
    "news",
    _("Notizie flash"),
    _("Gli aggiornamenti della Redazione: un modello per ogni numero di notizie, con e senza foto."),
    place=10,
)
_MOST_NAMED = 3  # administrators, where there are more
_TITLE = "titolo"  # the variable, as it stands in the approved templates
_EXAMPLE = "Sabato il mercato si sposta in piazza Roma 👉 https://www.comune.example.it/mercato"


def leave_word() -> str:
    """The word with which citizens leave the list, as the organization set it, if it fits on a button."""
    settings = ListSettings.objects.first()
    words = [word.strip().upper() for word in settings.leave_words] if settings else []
    limit = common_limits().template_button
    return next((word for word in words if word and not limit.over(f"{word}  ")), FALLBACK_LEAVE_WORD)


def _words(items: int, organization: Organization) -> Words:
    lines = "".join(f"• {{{{notizia_{number}}}}}\n\n" for number in range(1, items + 1))
    word = leave_word()
    return Words(
        body=(
            f"{organization_name(organization)} ti informa\n\n*{{{{titolo}}}}*\n\n{lines}"
            "Ricevi questo messaggio perché hai chiesto di ricevere le nostre notizie."
        ),
        footer=common_limits().template_footer.cut(f"Per non ricevere più messaggi scrivi {word}"),
        replies=(word.capitalize(),),
    )


def choice_of(label: str) -> str:
    """What comes back when the button is pressed: leaving the list, if that is what its label says."""
    if label.upper() == FALLBACK_LEAVE_WORD:
        return LEAVE_CHOICE
    command = Parser.of_organization().text(label)
    return LEAVE_CHOICE if command is not None and command.kind == LEAVE else label


def _shape_in_words(items: int, photo: bool) -> str:
    if photo:
        return ngettext("%(n)d notizia, con foto", "%(n)d notizie, con foto", items) % {"n": items}
    return ngettext("%(n)d notizia", "%(n)d notizie", items) % {"n": items}


_shape = lazy(_shape_in_words, str)


def _variant(items: int, photo: bool) -> Preset:
    examples = {_TITLE: "Gli appuntamenti della settimana"}
    examples |= {f"notizia_{number}": _EXAMPLE for number in range(1, items + 1)}
    return Preset(
        key=f"news_{items}" + ("_photo" if photo else ""),
        name=f"arengo_notizie_{items}" + ("_foto" if photo else ""),
        purpose=PURPOSE,
        category=Category.MARKETING,
        words=partial(_words, items),
        examples=examples,
        choices=(LEAVE_CHOICE,),
        choice_of=choice_of,
        photo=photo,
        variant=_shape(items, photo),
        language=LANGUAGE,
    )


_BY_SHAPE = {
    (items, photo): _variant(items, photo) for photo in (False, True) for items in range(1, MOST_ITEMS + 1)
}
BUILT_IN = tuple(_BY_SHAPE.values())


def built_in(items: int, *, photo: bool) -> Preset:
    return _BY_SHAPE[items, photo]


def built_in_for(draft: Draft) -> Preset:
    return built_in(max(1, len(draft.items)), photo=draft.has_image)


def fitting(draft: Draft, sender: Sender) -> MessageTemplate | Unfit:
    """The approved template for so many items, with or without an image."""
    return fits.fitting(built_in_for(draft), sender)


@dataclass(frozen=True)
class Line:
    """How many of the templates for news can be sent now, and who can mend the others."""

    ready: int
    all: int
    administrators: list[str]

    @property
    def all_ready(self) -> bool:
        return self.ready == self.all


def line() -> Line | None:
    """Of the number that is used where nobody chooses one; None when there is none."""
    sender = Sender.objects.order_by("state", "pk").first()  # active before stopped
    if sender is None:
        return None
    ready = fits.ready(BUILT_IN, sender)
    if ready == len(BUILT_IN):
        return Line(ready, len(BUILT_IN), [])
    found = Membership.objects.filter(roles__contains=[Role.ADMINISTRATOR], person__is_active=True)
    few = found.select_related("person").order_by("person__name", "person_id")[:_MOST_NAMED]
    return Line(ready, len(BUILT_IN), [str(membership.person) for membership in few])


def message_of(draft: Draft, template: MessageTemplate, *, media_id: str = "") -> Template:
    """What is sent to everyone."""
    return filling.message(built_in_for(draft), template, values_of(draft), media_id=media_id)


def values_of(draft: Draft) -> dict[str, str]:
    return {
        _TITLE: draft.title,
        **{f"notizia_{number}": flash.line for number, flash in enumerate(draft.items, start=1)},
    }
