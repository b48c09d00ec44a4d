# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a canned reply leaves open: ``{nome}`` is read when it is inserted, ``[giorno]`` is asked then.

A capability registers a variable of its own (hours: ``orari``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.templatetags.arengo import named
from arengo.desk.models import Conversation

_VARIABLE = re.compile(r"\{([a-z_]{1,30})\}")
_WITH_GAP = re.compile(r"( ?)\{([a-z_]{1,30})\}")
_BLANK = re.compile(r"\[([^\[\]\n]{1,40})\]")
MOST_BLANKS = 8


@dataclass(frozen=True)
class Variable:
    """``value``: asked when a reply is inserted; "" where there is nothing to say, and the variable goes with the blank before it."""

    name: str
    words: str | Promise
    value: Callable[[Conversation, Person], str]


_variables: dict[str, Variable] = {}


def register(*variables: Variable) -> None:
    _variables.update({each.name: each for each in variables})


def registered() -> list[Variable]:
    return list(_variables.values())


def unknown(text: str) -> list[str]:
    """Names in braces that nobody registered."""
    return [name for name in dict.fromkeys(_VARIABLE.findall(text)) if name not in _variables]


def blanks(text: str) -> list[str]:
    """What is asked at insertion, each once, in the order of the text."""
    return list(dict.fromkeys(_BLANK.findall(text)))


def filled(text: str, conversation: Conversation, by: Person) -> str:
    """The text with its variables as they stand now; what nobody registered, and blanks, stay as they are."""

    def value(found: re.Match[str]) -> str:
        variable = _variables.get(found[2])
        if variable is None:
            return found[0]
        # "Buongiorno {nome}!" to somebody without a name is "Buongiorno!".
        said = variable.value(conversation, by)
        return found[1] + said if said else ""

    return _WITH_GAP.sub(value, text)


def _name(conversation: Conversation, _by: Person) -> str:
    return "" if conversation.contact.erased_at else conversation.contact.name


def standard() -> None:
    """What the desk itself knows."""
    register(
        Variable("nome", _("il nome del cittadino, se c’è"), _name),
        Variable("sportello", _("il nome dello sportello"), lambda conversation, _by: conversation.desk.name),
        Variable("ente", _("il nome dell’ente"), lambda conversation, _by: conversation.organization.name),
        Variable("operatore", _("il nome di chi risponde"), lambda _conversation, by: str(by)),
        Variable(
            "oggi",
            _("la data di oggi"),
            lambda _conversation, _by: named(timezone.localdate(), "j F Y"),
        ),
    )
