# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the engine asks a platform to send. Import these from ``platforms.contract``."""

from __future__ import annotations

import msgspec


class Text(msgspec.Struct, frozen=True, omit_defaults=True, tag="text"):
    body: str
    preview_url: bool = False
    reply_to: str | None = None


class Media(msgspec.Struct, frozen=True, omit_defaults=True, tag="media"):
    """A photo, document, audio or video that the platform already holds under ``media_id``."""

    kind: str  # image | document | audio | video | sticker
    media_id: str
    caption: str = ""
    filename: str = ""
    reply_to: str | None = None


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value of a template. ``name`` is empty for positional templates."""

    text: str
    name: str = ""


class TemplateButton(msgspec.Struct, frozen=True, omit_defaults=True):
    index: int
    kind: str  # quick_reply | url
    value: str  # payload of a quick reply, or what completes the address of a URL button


class Template(msgspec.Struct, frozen=True, omit_defaults=True, tag="template"):
    name: str
    language: str
    header_text: Parameter | None = None
    header_media_kind: str = ""  # image | document | video
    header_media_id: str = ""
    body: list[Parameter] = []
    buttons: list[TemplateButton] = []


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    title: str
    description: str = ""


class Buttons(msgspec.Struct, frozen=True, omit_defaults=True, tag="buttons"):
    body: str
    choices: list[Choice]
    header: str = ""
    footer: str = ""
    reply_to: str | None = None


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    title: str
    rows: list[Choice]


class Listing(msgspec.Struct, frozen=True, omit_defaults=True, tag="listing"):
    body: str
    button: str
    sections: list[Section]
    header: str = ""
    footer: str = ""
    reply_to: str | None = None


class LocationRequest(msgspec.Struct, frozen=True, omit_defaults=True, tag="location_request"):
    """The person is asked for a place, by a button under ``body``; they answer with a location."""

    body: str
    reply_to: str | None = None


class NumberRequest(msgspec.Struct, frozen=True, omit_defaults=True, tag="number_request"):
    """A person whom we know by their user id alone is asked for their phone number, by a button under ``body``.

    ``body`` says what for. Their answer comes from an address with the number.
    """

    body: str
    reply_to: str | None = None


class Reaction(msgspec.Struct, frozen=True, omit_defaults=True, tag="reaction"):
    """An empty ``emoji`` takes the reaction back."""

    message_id: str
    emoji: str


Outgoing = Text | Media | Template | Buttons | Listing | LocationRequest | NumberRequest | Reaction


class Accepted(msgspec.Struct, frozen=True):
    """The platform took the message. Not delivered yet: receipts say that."""

    message_id: str
    user_id: str | None = None
    held: bool = False  # the platform holds it back, e.g. for quality assessment
