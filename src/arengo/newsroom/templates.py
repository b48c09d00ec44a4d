# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The message templates that updates travel in: one for each number of items, with and without an image.

Their fixed words are what citizens read, so they are in the language of the organization's messages, not of the console.
A value of a template is one line (Meta, code 132018): a flash and its link are one value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from arengo.audience import choices
from arengo.audience.commands import LEAVE, Parser
from arengo.audience.models import ListSettings
from arengo.core import audit
from arengo.core.lengths import Limit
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery import templates as known
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.refusal_words import in_words
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import MOST_ITEMS
from arengo.newsroom.sample_picture import sample_picture
from arengo.platforms.calls import call
from arengo.platforms.contract import Parameter, Refusal, Template, TemplateButton
from arengo.platforms.registry import common_limits

LANGUAGE = "it"
CATEGORY = "MARKETING"  # Meta: events and newsletters are marketing; only essential notices are utility
FALLBACK_LEAVE_WORD = "CANCELLAMI"
APPROVED = "APPROVED"
_WHO = Limit(80)  # ours, of the organization's name in a template's body
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

Components = list[dict[str, Any]]


@dataclass(frozen=True)
class BuiltIn:
    """One of ours: for so many items, with an image or without."""

    items: int
    photo: bool

    @property
    def name(self) -> str:
        return f"arengo_notizie_{self.items}" + ("_foto" if self.photo else "")

    @property
    def parameters(self) -> list[str]:
        return ["titolo", *(f"notizia_{number}" for number in range(1, self.items + 1))]


BUILT_IN = tuple(BuiltIn(items, photo) for photo in (False, True) for items in range(1, MOST_ITEMS + 1))


def built_in_for(draft: Draft) -> BuiltIn:
    return BuiltIn(max(1, len(draft.items)), draft.has_image)


# --- their words ----------------------------------------------------------------------------------------------


def leave_word() -> str:
    """The word with which citizens leave the list, as the organization set it, if it fits on a button."""
    settings = ListSettings.objects.first()
    words = [word.strip().upper() for word in settings.leave_words] if settings else []
    limit = common_limits().template_button
    return next((word for word in words if word and not limit.over(f"{word}  ")), FALLBACK_LEAVE_WORD)


def components_of(built_in: BuiltIn, organization: Organization, *, handle: str = "") -> Components:
    """As the platform wants them. ``handle``: the example image that it already holds (photo templates only)."""
    who = _WHO.cut(" ".join(re.sub(r"[{}*_~`]", "", organization.name).split()))
    lines = "".join(f"• {{{{notizia_{number}}}}}\n\n" for number in range(1, built_in.items + 1))
    body = (
        f"{who} ti informa\n\n*{{{{titolo}}}}*\n\n{lines}"
        "Ricevi questo messaggio perché hai chiesto di ricevere le nostre notizie."
    )
    examples = {
        "titolo": "Gli appuntamenti della settimana",
        **{
            f"notizia_{number}": "Sabato il mercato si sposta in piazza Roma 👉 https://www.comune.example.it/mercato"
            for number in range(1, MOST_ITEMS + 1)
        },
    }
    word = leave_word()
    components: Components = [
        {
            "type": "BODY",
            "text": body,
            "example": {
                "body_text_named_params": [
                    {"param_name": name, "example": examples[name]} for name in built_in.parameters
                ]
            },
        },
        {
            "type": "FOOTER",
            "text": common_limits().template_footer.cut(f"Per non ricevere più messaggi scrivi {word}"),
        },
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": word.capitalize()}]},
    ]
    if built_in.photo:
        header: dict[str, Any] = {"type": "HEADER", "format": "IMAGE"}
        if handle:
            header["example"] = {"header_handle": [handle]}
        components.insert(0, header)
    return components


def definition(built_in: BuiltIn, organization: Organization, *, handle: str = "") -> dict[str, Any]:
    return {
        "name": built_in.name,
        "language": LANGUAGE,
        "category": CATEGORY,
        "parameter_format": "named",
        "components": components_of(built_in, organization, handle=handle),
    }


# --- at the platform ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NotCreated:
    name: str
    reason: str


@dataclass(frozen=True)
class Creation:
    created: list[str]
    refused: list[NotCreated]


def create_missing(sender: Sender, *, by: Person | None) -> Creation:
    """Asks the platform for those of ours that it does not have. Refusal when its list cannot even be read."""
    with organization_scope(sender.organization_id):
        known.sync(sender)
        have = set(
            MessageTemplate.objects.filter(sender=sender, language=LANGUAGE).values_list("name", flat=True)
        )
        missing = [built_in for built_in in BUILT_IN if built_in.name not in have]
        created: list[str] = []
        refused: list[NotCreated] = []
        handle, no_handle = _example_handle(sender) if any(each.photo for each in missing) else ("", "")
        for built_in in missing:
            if built_in.photo and not handle:
                refused.append(NotCreated(built_in.name, no_handle))
                continue
            reason = _create(sender, built_in, handle)
            if reason:
                refused.append(NotCreated(built_in.name, reason))
            else:
                created.append(built_in.name)
        if created:
            audit.record(
                "newsroom.created_templates",
                organization=sender.organization_id,
                by=by,
                on=sender,
                detail={"names": created},
            )
        return Creation(created, refused)


def _create(sender: Sender, built_in: BuiltIn, handle: str) -> str:
    """Empty when it was created, else why not."""
    wanted = definition(built_in, sender.organization, handle=handle)
    try:
        found = call(
            sender.platform,
            lambda platform, http: platform.create_template(http, sender.credentials, wanted),
        )
    except Refusal as refusal:
        return in_words(sender, refusal)
    known.keep(sender, found)
    return ""


def _example_handle(sender: Sender) -> tuple[str, str]:
    """The platform's handle of an example image, or why there is none: it reviews photo templates with an example."""
    content = sample_picture()
    try:
        handle = call(
            sender.platform,
            lambda platform, http: platform.upload_example(
                http, sender.credentials, content, "image/jpeg", "esempio.jpg"
            ),
        )
    except Refusal as refusal:
        return "", _(
            "Non è stato possibile caricare l'immagine di esempio che serve per i modelli con foto (%(reason)s). "
            "Si possono creare a mano in WhatsApp Manager, con lo stesso nome e lo stesso testo."
        ) % {"reason": in_words(sender, refusal)}
    return handle, ""


# --- for one update -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unfit:
    """Why no template can carry the update now, in words; ``waiting`` when it is only a matter of time."""

    words: str
    waiting: bool = False


def fitting(draft: Draft, sender: Sender) -> MessageTemplate | Unfit:
    """The approved template for so many items, with or without an image."""
    built_in = built_in_for(draft)
    template: MessageTemplate | None = MessageTemplate.objects.filter(
        sender=sender, name=built_in.name, language=LANGUAGE
    ).first()
    if template is None:
        return Unfit(_("Manca il modello «%(name)s».") % {"name": built_in.name})
    if template.status != APPROVED:
        return _not_approved(template)
    if (
        set(_variables(template.components)) != set(built_in.parameters)
        or _has_photo(template) != built_in.photo
    ):
        return Unfit(
            _(
                "Il modello «%(name)s» su WhatsApp non ha i campi che Arengo compila: va eliminato e creato di nuovo."
            )
            % {"name": built_in.name}
        )
    return template


def _not_approved(template: MessageTemplate) -> Unfit:
    name = {"name": template.name}
    if template.status in ("PENDING", "IN_APPEAL"):
        return Unfit(_("Il modello «%(name)s» aspetta l'approvazione di Meta.") % name, waiting=True)
    if template.status == "REJECTED":
        return Unfit(
            _("Meta ha rifiutato il modello «%(name)s»: %(reason)s.")
            % {**name, "reason": template.reason.rstrip(". ") or _("senza dire perché")}
        )
    if template.status == "PAUSED":
        return Unfit(
            _("Meta ha messo in pausa il modello «%(name)s»: riprende fra qualche ora.") % name, waiting=True
        )
    return Unfit(
        _("Meta non permette di usare il modello «%(name)s» (%(status)s).")
        % {**name, "status": template.status}
    )


def message_of(draft: Draft, template: MessageTemplate, *, media_id: str = "") -> Template:
    """What is sent to everyone."""
    values = values_of(draft)
    return Template(
        name=template.name,
        language=template.language,
        header_media_kind="image" if media_id else "",
        header_media_id=media_id,
        body=[Parameter(text=values[name], name=name) for name in _variables(template.components)],
        buttons=[
            TemplateButton(index=index, kind="quick_reply", value=_payload(str(button.get("text", ""))))
            for index, button in enumerate(part_of(template.components, "BUTTONS").get("buttons", []))
            if button.get("type") == "QUICK_REPLY"
        ],
    )


def _payload(label: str) -> str:
    """What comes back when the button is pressed: leaving the list, if that is what its label says."""
    command = Parser.of_organization().text(label)
    leaves = command.kind == LEAVE if command else label.upper() == FALLBACK_LEAVE_WORD
    return choices.id_of(LEAVE) if leaves else label


def values_of(draft: Draft) -> dict[str, str]:
    return {
        "titolo": draft.title,
        **{f"notizia_{number}": flash.line for number, flash in enumerate(draft.items, start=1)},
    }


def filled(text: str, values: dict[str, str], blank: str = "…") -> str:
    """A component's text with its values; ``blank`` where there is none yet."""
    return _VARIABLE.sub(lambda found: values.get(found.group(1)) or blank, text)


def part_of(components: Components, kind: str) -> dict[str, Any]:
    """HEADER, BODY, FOOTER or BUTTONS; empty when there is none."""
    return next((part for part in components if part.get("type") == kind), {})


def _variables(components: Components) -> list[str]:
    return list(dict.fromkeys(_VARIABLE.findall(str(part_of(components, "BODY").get("text", "")))))


def _has_photo(template: MessageTemplate) -> bool:
    return part_of(template.components, "HEADER").get("format") == "IMAGE"


@dataclass(frozen=True)
class Listed:
    """A built-in template and how it stands at the platform; ``template`` None when it is not there."""

    built_in: BuiltIn
    template: MessageTemplate | None
    body: str


def overview(organization: Organization, sender: Sender) -> Iterator[Listed]:
    have = {
        template.name: template
        for template in MessageTemplate.objects.filter(sender=sender, language=LANGUAGE)
    }
    for built_in in BUILT_IN:
        template = have.get(built_in.name)
        components = template.components if template else components_of(built_in, organization)
        yield Listed(built_in, template, str(part_of(components, "BODY").get("text", "")))
