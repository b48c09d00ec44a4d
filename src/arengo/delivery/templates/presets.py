# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The messages that rooms may have to begin a conversation with. Each room registers its own, from its AppConfig.

A preset is one template at the platform. Its words are what citizens read, so they are in its language, not in that of the
console; what staff read about it (purpose, variant) is translated.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from arengo.core.lengths import Limit
from arengo.core.models import Organization
from arengo.core.scope import TenantModel

_WHO = Limit(80)  # ours, of the organization's name in a template's body
_KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")  # it stands in addresses and in rows (desk.Message.template)
_NAME = re.compile(r"[a-z0-9_]{1,512}")  # Meta: small letters, digits and underscores, 512 at most


class Category(enum.StrEnum):
    """What the platform files a template under; the price depends on it."""

    MARKETING = "MARKETING"
    UTILITY = "UTILITY"


@dataclass(frozen=True)
class Purpose:
    """What presets are for: one row of the page, however many there are. ``place``: its order on the page."""

    key: str
    title: str | Promise
    when: str | Promise
    place: int = 100


@dataclass(frozen=True)
class Words:
    """What citizens read. ``{{name}}`` in the body stands for a value; ``replies`` are the labels of the buttons."""

    body: str
    footer: str = ""
    replies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """``key`` is ours and stays; ``name`` is the platform's.

    ``examples``: each parameter with the value that it is presented for approval with. ``choices``: what comes back when a
    reply is pressed, in the order of the words' replies. ``choice_of``: what a label means that the platform may still have
    of an older form; without it only today's labels are known. ``variant``: what tells it from others of its purpose.
    """

    key: str
    name: str
    purpose: Purpose
    category: Category
    words: Callable[[Organization], Words]
    examples: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    choice_of: Callable[[str], str] | None = None
    photo: bool = False
    variant: str | Promise = ""
    language: str = "it"

    @property
    def parameters(self) -> list[str]:
        return list(self.examples)

    def choice(self, label: str, *, of: TenantModel) -> str:
        """What a button of this label gives back, in the organization ``of`` a row; the label itself if it is none of ours."""
        if self.choice_of is not None:
            return self.choice_of(label)
        known = dict(zip(self.words(of.organization).replies, self.choices, strict=True))
        return known.get(label, label)


_presets: dict[str, Preset] = {}


def register(*presets: Preset) -> None:
    """ValueError when a key or a name is not one, or is somebody's already."""
    for preset in presets:
        if not _KEY.fullmatch(preset.key) or not _NAME.fullmatch(preset.name):
            raise ValueError(f"{preset.key} ({preset.name}) cannot name a message template")
        for other in _presets.values():
            if preset.key == other.key or preset.name == other.name:
                raise ValueError(f"two message templates are called {preset.key} ({preset.name})")
        _presets[preset.key] = preset


def registered() -> list[Preset]:
    """In the order of the page: by purpose, within one as they were registered."""
    return sorted(_presets.values(), key=lambda preset: (preset.purpose.place, preset.purpose.key))


def preset(key: str) -> Preset | None:
    return _presets.get(key)


def of_purpose(key: str) -> list[Preset]:
    return [each for each in registered() if each.purpose.key == key]


def organization_name(organization: Organization) -> str:
    """As it may stand in a template's words: one line, no sign that would make a variable or a format of it."""
    return _WHO.cut(" ".join(re.sub(r"[{}*_~`]", "", organization.name).split()))
