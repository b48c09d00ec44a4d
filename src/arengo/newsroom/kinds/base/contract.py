# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a kind of update must know of itself: what is wrong with a draft of it, who goes first, which message template
carries it and with which values, and how it is written. Outlets and pages ask the kind; none of them knows its key.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

from django import forms
from django.utils.functional import Promise

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender, Urgency
from arengo.delivery.templates.components import Components
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import Update
from arengo.platforms.contract import Template


@dataclass(frozen=True)
class KindPartials:
    """``editor``: its fields, from ``form``, ``slots`` and ``limits``. ``back``: what came back, from ``heard`` (:class:`Hears`);
    ``action``: what one may do about that, which no live update replaces."""

    editor: str
    back: str = ""
    action: str = ""


class Kind(ABC):
    key: str  # kept in updates: at most 40 of a–z and _
    name: str | Promise
    about: str | Promise  # what it is for, where somebody chooses
    urgency: Urgency  # who goes first, and whether those who stopped news at the platform are left out
    partials: KindPartials
    # Of the places of a new draft, values of models.Rubric; none: its items are not told apart.
    rubrics: tuple[str, ...] = ()
    # The choice of how often to which it belongs: a key that it registers (audience/frequencies.py); "": only of everything.
    frequency: str = ""
    needs_template: bool = False  # without one nobody could answer it: it goes nowhere where there are none
    urls: str = ""  # the module of its own addresses, below /console/redazione/

    # --- in the editor: what it says beyond title, items and picture ---

    def fields(self) -> Mapping[str, forms.Field]:
        """Fields of its own; one that is called as one of the editor's takes its place."""
        return {}

    def content(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of them, as JSON, from the cleaned values; whatever was typed, also where it is wrong."""
        return {}

    def typed(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The other way round: for the fields of a stored draft."""
        return {}

    # --- where it goes ---

    def as_lines(self, draft: Draft) -> Draft:
        """As outlets show it that know nothing but a title and lines."""
        return draft

    @abstractmethod
    def problems(self, draft: Draft) -> Sequence[Problem]:
        """What in the content keeps it from going out anywhere."""

    @abstractmethod
    def fitting(self, draft: Draft, sender: Sender) -> MessageTemplate | Unfit:
        """The approved message template that carries it, or why there is none."""

    @abstractmethod
    def components(self, draft: Draft, organization: Organization, sender: Sender | None) -> Components:
        """Of that template as the platform has it; of ours as it would be created, if it is not there yet."""

    @abstractmethod
    def values(self, draft: Draft) -> Mapping[str, str]:
        """What stands in the template's places."""

    @abstractmethod
    def message(self, draft: Draft, template: MessageTemplate, *, media_id: str = "") -> Template:
        """What is sent to everyone. ``media_id``: the picture, as the platform holds it."""

    @abstractmethod
    def plain(self, draft: Draft, *, blank: str = "") -> str:
        """What is sent where the platform wants no template. ``blank`` stands where there is nothing yet."""


Heard: TypeAlias = object  # of a type of the kind's own, which only the kind's partial ``back`` reads


@runtime_checkable
class Hears(Protocol):
    """Something comes back that is this kind's own: votes, answers."""

    def heard(self, update: Update) -> Heard:
        """For its own template on the page of a sent update."""
        ...


@runtime_checkable
class FollowsSending(Protocol):
    """Something of its own begins when it leaves. Both are called in the transaction that changes the update's state, with it locked."""

    def leaving(self, update: Update) -> None:
        """It is marked as leaving, and written."""
        ...

    def came_back(self, update: Update) -> None:
        """Nothing of it went out, and it is a draft again."""
        ...
