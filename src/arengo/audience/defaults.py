# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a new organization starts with: commands, answers and policies to be made its own.

The texts are starting points: an administrator reads them, with the data protection officer, before the list is
opened (Impostazioni → Parole e messaggi, Informativa e regole).
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from arengo.audience import answers
from arengo.audience.basis import Basis
from arengo.audience.linking import chat as linking
from arengo.audience.models import ListSettings, Policy, Topic
from arengo.audience.personal import asking
from arengo.audience.policies import publish_policy
from arengo.audience.rights import checking
from arengo.audience.words.folding import words_of
from arengo.core import automatic
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope

# The words that Italian towns have been using for this since 2015; the first one is printed on posters.
JOIN_WORDS = (
    "ISCRIVIMI",
    "ISCRIVITI",
    "MI ISCRIVO",
    "ISCRIZIONE",
    "ISCRIZIONE ON",
    "ISCRIVIMI ALLA LISTA",
    "ATTIVA",
    "ATTIVA ISCRIZIONE",
    "ATTIVA SERVIZIO",
    "NEWS ON",
)
LEAVE_WORDS = (
    "CANCELLAMI",
    "MI CANCELLO",
    "CANCELLA",
    "CANCELLA ISCRIZIONE",
    "CANCELLAZIONE",
    "CANCELLAMI DALLA LISTA",
    "DISISCRIVIMI",
    "DISATTIVA",
    "DISATTIVA ISCRIZIONE",
    "DISATTIVA SERVIZIO",
    "DISATTIVAZIONE",
    "ISCRIZIONE OFF",
    "NEWS OFF",
    "STOP",
)
TOPICS = (
    ("Eventi", ("evento", "manifestazioni")),
    ("Viabilità", ("strade", "traffico", "lavori")),
    ("Scadenze e bandi", ("scadenze", "bandi", "concorsi")),
    ("Servizi e orari", ("servizi", "orari", "pubblica utilità")),
    ("Emergenze", ("emergenza", "allerte", "protezione civile")),
)

_TOWN_OF = ("comune di ", "città di ", "comune del ", "comune dell'", "comune della ")
_TEXTS = Path(__file__).parent / "texts"


def text(name: str, language: str = "it") -> str:
    """One of the texts in ``texts/``, with its placeholders; in Italian where there is none in the language."""
    own = _TEXTS / language / f"{name}.txt"
    place = own if own.exists() else _TEXTS / f"{name}.txt"
    return place.read_text(encoding="utf-8").strip()


def policy_texts(kind: str, organization: Organization, basis: str) -> tuple[str, str]:
    """The whole text to begin with, and the short one, with what follows from the legal basis."""
    language, values = (
        organization.language,
        {
            "{ente}": organization.name,
            "{base}": text(f"base_{basis}", organization.language),
            "{libertà}": text(f"freedom_{basis}", organization.language),
        },
    )

    def filled(part: str) -> str:
        words = text(f"{kind}_{part}", language)
        for name, value in values.items():
            words = words.replace(name, value)
        return words

    return filled("text"), filled("summary")


def on_basis(words: str, organization: Organization, basis: str) -> str:
    """A text that began as ours, with what it says of the legal basis changed; one that is worded otherwise stays as it is."""
    for name in ("base", "freedom"):
        for other in Basis.values:
            words = words.replace(
                text(f"{name}_{other}", organization.language), text(f"{name}_{basis}", organization.language)
            )
    return words


def _with_town(words: tuple[str, ...], name: str, switch: str) -> list[str]:
    """With a phrase of the town's own: «Comune di Esempio» has «ESEMPIO ON»."""
    beginning = next((each for each in _TOWN_OF if name.casefold().startswith(each)), None)
    town = name[len(beginning) :].strip().upper() if beginning else ""
    own = [f"{town} {switch}"] if words_of(town) and len(town) <= 50 else []
    return [*words, *own]


def create_defaults(organization: Organization, *, by: Person | None = None) -> ListSettings:
    """What is missing is created; what is there stays as it is."""
    language = organization.language
    with transaction.atomic(), organization_scope(organization):
        settings, _created = ListSettings.objects.get_or_create(
            organization=organization,
            defaults={
                "join_words": _with_town(JOIN_WORDS, organization.name, "ON"),
                "leave_words": _with_town(LEAVE_WORDS, organization.name, "OFF"),
                "welcome_text": text("welcome", language),
                "already_text": text("already", language),
                "goodbye_text": text("goodbye", language),
                "not_subscribed_text": text("not_subscribed", language),
                "accepted_text": text("accepted", language),
                "confirm_text": text("confirm", language),
            },
        )
        automatic.switch_on_new((*answers.ALL, asking.KIND, checking.KIND, linking.KIND))
        for kind in Policy.Kind:
            if not Policy.objects.filter(kind=kind).exists():
                whole, brief = policy_texts(kind, organization, settings.legal_basis)
                publish_policy(kind, whole, brief, by)
        if not Topic.objects.exists():
            Topic.objects.bulk_create(
                [
                    Topic(organization=organization, name=name, words=list(words), position=position)
                    for position, (name, words) in enumerate(TOPICS)
                ]
            )
    return settings  # type: ignore[no-any-return]  # of the scoped manager
