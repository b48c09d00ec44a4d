# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes in from a platform: each part of a webhook is one of these."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import msgspec

from arengo.platforms.contract.addresses import Address
from arengo.platforms.contract.contents import Content
from arengo.platforms.contract.natures import Nature
from arengo.platforms.contract.refusals import Remedy


class IncomingMedia(msgspec.Struct, frozen=True, omit_defaults=True):
    media_id: str
    mime_type: str
    sha256: str = ""
    filename: str = ""


class MessageReceived(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something was said. ``kind`` is its form: text, image, video, audio, document, sticker, location, contacts,
    reaction, choice (a button or list row was pressed), form (was filled in), order, call (nobody took it), system, unsupported;
    an unknown one arrives as ``unsupported`` with the platform's word in ``detail``. ``content``: what it holds beyond words.

    ``nature`` tells what it is to us; ``about`` is the message that an edit or a deletion concerns, empty where the
    platform does not say. ``copy``: somebody else answers in this conversation now, and we only read along.
    ``address`` is the person's, also when the words are somebody else's (``Nature.ECHO``).
    ``text`` is what a person reads: the body, the caption, the title of the choice, the emoji of a reaction.
    ``from_list``: the choice is a row of a list, not a button.
    ``time_of_receipt``: the platform's own time could not be true, and ``sent_at`` is when the webhook came.
    ``error``: the platform's code for why its content did not come.
    ``unnamed``: it came without an id; ``message_id`` knows it again and names nothing at the platform.
    """

    message_id: str
    sent_at: datetime
    address: Address
    kind: str
    name: str = ""
    username: str = ""
    text: str = ""
    media: IncomingMedia | None = None
    choice_id: str = ""
    from_list: bool = False
    reply_to: str = ""
    reaction_to: str = ""
    latitude: float | None = None
    longitude: float | None = None
    forwarded: bool = False
    detail: str = ""
    parent_user_id: str = ""
    number_id: str = ""  # which of the account's numbers: their webhooks may share one address
    time_of_receipt: bool = False
    nature: Nature = Nature.WORDS
    about: str = ""
    copy: bool = False
    error: int = 0
    unnamed: bool = False
    content: Content | None = None

    def __post_init__(self) -> None:
        """A reaction and the platform's own words are never a person's words, whatever platform made the struct."""
        if self.nature is Nature.WORDS and self.kind in _NO_WORDS:
            msgspec.structs.force_setattr(self, "nature", _NO_WORDS[self.kind])

    @property
    def wants_answer(self) -> bool:
        """A person of ours should answer it, and our automatic words may."""
        return self.nature.is_said and not self.copy


_NO_WORDS = {"reaction": Nature.REACTION, "system": Nature.NOTICE}


class HandedOver(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform gave a conversation to us (``ours``) or to another responder on our number.

    ``role`` is the platform's word for who has it now; it names nobody.
    """

    address: Address
    ours: bool
    at: datetime
    role: str = ""
    number_id: str = ""


class ReceiptStatus(enum.StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"


class ReceiptReceived(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the platform reports of one message of ours.

    ``opaque`` is the delivery id that we sent with it.
    """

    message_id: str
    status: ReceiptStatus
    at: datetime
    opaque: str = ""
    address: Address | None = None
    code: int = 0
    title: str = ""
    details: str = ""
    remedy: Remedy | None = None
    billable: bool | None = None
    price_category: str = ""
    number_id: str = ""


class PreferenceChanged(msgspec.Struct, frozen=True):
    """The person told the platform to stop (or resume) marketing from us."""

    address: Address
    wants_marketing: bool
    at: datetime
    detail: str = ""


class IdentityChanged(msgspec.Struct, frozen=True):
    """The same person, under another address from now on."""

    previous: Address
    current: Address
    at: datetime


class TemplateChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    template_id: str
    name: str
    language: str
    status: str = ""
    reason: str = ""
    category: str = ""
    quality: str = ""


class SenderNotice(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform says something about the number or the account (quality, limits, restriction, error)."""

    kind: str
    summary: str
    severity: str = "info"  # info | warning | stop
    detail: dict[str, Any] = {}


class Unreadable(msgspec.Struct, frozen=True):
    """A part of a webhook that no parser understood; kept in the journal and shown to the administrator."""

    reason: str
    where: str


Incoming = (
    MessageReceived
    | HandedOver
    | ReceiptReceived
    | PreferenceChanged
    | IdentityChanged
    | TemplateChanged
    | SenderNotice
    | Unreadable
)
