# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The message that asks: people who have not written for a day are reached with a template that the platform approved, and no other.

Two templates, since what becomes of who does not answer stands in fixed words: nobody reads it wrong, and Meta approves it.
Category UTILITY, as of ``consent_template``: it is about this person's own subscription.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

import msgspec
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from arengo.audience import choices
from arengo.audience.commands import LEAVE
from arengo.audience.models import Policy
from arengo.audience.renewals.models import Renewal
from arengo.core.links import organization_url
from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates import filling, presets
from arengo.delivery.templates.fitting import Unfit, fitting
from arengo.delivery.templates.presets import Category, Preset, Purpose, Words, organization_name
from arengo.platforms.contract import Outgoing, Template, Text
from arengo.platforms.registry import platform

RENEW = "renew"
_ACCEPT = choices.id_of(RENEW)
_WHAT, _SINCE, _LINK, _UNTIL = "testo", "dal", "indirizzo", "entro"
_THINGS = {Policy.Kind.PRIVACY: "l'informativa sulla privacy", Policy.Kind.RULES: "le regole della lista"}
_PATHS = {Policy.Kind.PRIVACY: "informativa", Policy.Kind.RULES: "regole"}
# Where the platform has no buttons under such a message.
_HOW = "Per accettare rispondi ACCETTO, per uscire rispondi NO."


def _asking(end: str) -> Callable[[Organization], Words]:
    def words(organization: Organization) -> Words:
        return Words(
            body=(
                f"{organization_name(organization)} ha cambiato {{{{{_WHAT}}}}} per gli avvisi che ricevi qui. La nuova versione vale "
                f"dal {{{{{_SINCE}}}}} e si legge su {{{{{_LINK}}}}} per intero.\n\n"
                f"La accetti? Puoi rispondere fino al {{{{{_UNTIL}}}}}. {end}"
            ),
            replies=("Accetto", "No, cancellami"),
        )

    return words


_PURPOSE = Purpose(
    "renewal",
    _("Chiedere di accettare una nuova versione"),
    _(
        "A tutti gli iscritti, quando cambiano l’informativa o le regole e si vuole una risposta: Iscritti → Conferme."
    ),
    place=31,
)


def _preset(key: str, name: str, end: str, variant: str | Promise) -> Preset:
    return Preset(
        key=key,
        name=name,
        purpose=_PURPOSE,
        category=Category.UTILITY,
        words=_asking(end),
        examples={
            _WHAT: _THINGS[Policy.Kind.PRIVACY],
            _SINCE: "12 marzo 2027",
            _LINK: "https://avvisi.comune.example.it/informativa/",
            _UNTIL: "30 aprile 2027",
        },
        choices=(_ACCEPT, choices.id_of(LEAVE)),
        variant=variant,
    )


_STAYING = _preset(
    "renewal_stay",
    "arengo_nuova_versione_resta",
    "Se non rispondi resti nella lista.",
    _("chi non risponde resta"),
)
_LEAVING = _preset(
    "renewal_leave",
    "arengo_nuova_versione_esce",
    "Se non rispondi ti togliamo dalla lista: per tornare basta un messaggio.",
    _("chi non risponde esce"),
)
PRESETS = {Renewal.Then.STAY.value: _STAYING, Renewal.Then.LEAVE.value: _LEAVING}


def register() -> None:
    presets.register(_STAYING, _LEAVING)


def carrier(sender: Sender, then: str) -> MessageTemplate | Unfit | None:
    """The approved template, or why there is none; None where the platform needs none."""
    if not platform(sender.platform).can.needs_templates:
        return None
    return fitting(PRESETS[then], sender)


def values_of(renewal: Renewal, organization: Organization) -> Mapping[str, str]:
    policy = renewal.policy
    return {
        _WHAT: _THINGS[Policy.Kind(policy.kind)],
        _SINCE: date_format(localtime(policy.published_at), "j F Y").lower(),
        _LINK: organization_url(organization, f"/{_PATHS[Policy.Kind(policy.kind)]}/"),
        _UNTIL: date_format(renewal.last_day, "j F Y").lower(),
    }


def question(
    renewal: Renewal, organization: Organization, template: MessageTemplate | None
) -> tuple[Outgoing, str]:
    """What is sent to everybody, and what they read. The button says to which version it is an answer."""
    values, preset = values_of(renewal, organization), PRESETS[renewal.then]
    if template is None:
        text = f"{_with_values(preset.words(organization).body, values)}\n\n{_HOW}"
        return Text(text), text
    message = filling.message(preset, template, values)
    return _about(message, renewal), filling.shown(template.components, values).text


def previewed(policy: Policy, organization: Organization, last_day: date) -> Mapping[str, Words]:
    """What people would read, by what becomes of who does not answer."""
    found = {}
    for then, preset in PRESETS.items():
        until = datetime.combine(last_day, time(12), organization.zone)
        with translation.override(preset.language):
            values = values_of(Renewal(policy=policy, then=then, until=until), organization)
        words = preset.words(organization)
        found[then] = Words(_with_values(words.body, values), replies=words.replies)
    return found


def _with_values(body: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        body = body.replace(f"{{{{{name}}}}}", value)
    return body


def _about(message: Template, renewal: Renewal) -> Template:
    answer = choices.id_of(RENEW, str(renewal.pk))
    return msgspec.structs.replace(
        message,
        buttons=[
            msgspec.structs.replace(button, value=answer) if button.value == _ACCEPT else button
            for button in message.buttons
        ],
    )
