# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the engine asks of a platform, and the words both use.

The engine (intake, delivery) never names a platform: it holds a :class:`Platform` found by name in
``platforms.registry`` and speaks in the structs of this module. Structs are frozen msgspec structs: they are
checked when decoded from JSON and cost little on the hot paths.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import aiohttp
import msgspec

from arengo.platforms.credentials import Credentials as Credentials
from arengo.platforms.lengths import Limits as Limits
from arengo.platforms.natures import Nature as Nature
from arengo.platforms.outgoing import (
    Buttons as Buttons,
    Choice as Choice,
    Listing as Listing,
    Media as Media,
    Outgoing as Outgoing,
    Parameter as Parameter,
    Reaction as Reaction,
    Section as Section,
    Template as Template,
    TemplateButton as TemplateButton,
    Text as Text,
)
from arengo.platforms.receiving import Receiving
from arengo.platforms.redaction import without_ids


class Key(NamedTuple):
    """An address, as ``vault().lookup_on`` takes it. The platform is a part of it: no two platforms share an address."""

    platform: str
    name: str


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where one person is reached on one platform. At least one of the two is set.

    ``phone`` is E.164 with its plus sign. ``user_id`` is opaque: since 2026 WhatsApp may give no phone
    number, only a business-scoped user id, and nothing may be read out of its characters.
    """

    phone: str | None = None
    user_id: str | None = None

    def key(self, platform: str) -> Key:
        """What names this address in a keyed hash, ``vault().lookup_on(*address.key(platform))``; the phone wins because it
        came first. The same number on another platform is another address."""
        return Key(platform, f"phone:{self.phone}" if self.phone else f"user:{self.user_id}")

    @property
    def forms(self) -> tuple[Address, ...]:
        """Each under which this person may have been written to: by the number, and by the user id."""
        if self.phone and self.user_id:
            return Address(phone=self.phone), Address(user_id=self.user_id)
        return (self,) if self.phone or self.user_id else ()


class Accepted(msgspec.Struct, frozen=True):
    """The platform took the message. Not delivered yet: receipts say that."""

    message_id: str
    user_id: str | None = None
    held: bool = False  # the platform holds it back, e.g. for quality assessment


class Remedy(enum.StrEnum):
    """What the engine does about a refusal. A platform decides which; the engine acts on it."""

    RETRY = "retry"  # at once with backoff: the platform was busy or broken
    RETRY_LATER = "retry_later"  # not before ``Refusal.retry_after``
    PAIR = "pair"  # too many to this one person: they wait, longer each time; nobody else does
    NEXT_DAY = "next_day"  # not to this person today; a day later once more
    NEVER = "never"  # this message to this person will not go
    STOP_SENDER = "stop_sender"  # nothing of this sender will go until a person mends it
    WINDOW_CLOSED = "window_closed"  # only an approved template may go now
    OPTED_OUT = "opted_out"  # the person asked the platform for silence


class Refusal(Exception):
    """The platform said no (or nothing). ``certain`` is False when it may have accepted all the same.

    ``code`` is the platform's own (0 for none: connection refused, timeout). ``details`` is the platform's
    text, shown to staff; it holds no personal data: ids with a number inside are taken out here, numbers by the platform's
    folder. ``retry_after`` is in seconds.
    """

    def __init__(
        self,
        remedy: Remedy,
        *,
        code: int = 0,
        title: str = "",
        details: str = "",
        retry_after: float | None = None,
        certain: bool = True,
        slow_down: bool = False,
    ) -> None:
        super().__init__(f"{remedy}: {code} {without_ids(title)}")
        self.remedy = remedy
        self.code = code
        self.title = without_ids(title)
        self.details = without_ids(details)
        self.retry_after = retry_after
        self.certain = certain
        self.slow_down = slow_down


# --- incoming ---------------------------------------------------------------------------------------------


class IncomingMedia(msgspec.Struct, frozen=True, omit_defaults=True):
    media_id: str
    mime_type: str
    sha256: str = ""
    filename: str = ""


class MessageReceived(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something was said. ``kind`` is its form: text, image, video, audio, document, sticker, location, contacts,
    reaction, choice (a button or list row was pressed), order, system, unsupported; an unknown one arrives as
    ``unsupported`` with the platform's word in ``detail``.

    ``nature`` tells what it is to us; ``about`` is the message that an edit or a deletion concerns, empty where the
    platform does not say. ``copy``: somebody else answers in this conversation now, and we only read along.
    ``address`` is the person's, also when the words are somebody else's (``Nature.ECHO``).
    ``text`` is what a person reads: the body, the caption, the title of the choice, the emoji of a reaction.
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


# --- the platform -----------------------------------------------------------------------------------------


class TemplateFound(msgspec.Struct, frozen=True):
    """An approved (or not) template as the platform lists it. ``components`` is the platform's own JSON."""

    template_id: str
    name: str
    language: str
    status: str
    category: str
    parameter_format: str
    components: list[dict[str, Any]]
    reason: str = ""


class Reach(msgspec.Struct, frozen=True):
    """How many people outside a conversation an account may write to in 24 hours; None: as many as it likes."""

    people: int | None


class Signature(NamedTuple):
    """The header that carries it, in small letters, and a constant-time check: (its value, the raw body) → trusted or not.

    Made once a sender and asked for each webhook.
    """

    header: bytes
    ok: Callable[[bytes, bytes], bool]


class Platform(Protocol):
    """One folder under ``platforms/`` implements this. Methods that talk raise :class:`Refusal`."""

    name: str
    receiving: Receiving
    limits: Limits

    def signature(self, credentials: Credentials) -> Signature:
        """How a webhook of this sender shows that it is the platform's."""
        ...

    def handshake(self, credentials: Credentials, query: Mapping[str, str]) -> str | None:
        """The challenge to answer with when the query is the platform's own handshake, else None."""
        ...

    def parse(self, body: bytes) -> list[Incoming]:
        """Every event of one webhook body, in order. Never raises: what it cannot read is ``Unreadable``.

        Texts are storable (``core.outside.json_text``). Times are the platform's own, however wrong: intake, which
        knows when the webhook came, settles them; one that the platform did not tell is ``core.outside.NO_MOMENT``.
        """
        ...

    def problems(self, outgoing: Outgoing) -> list[str]:
        """What the platform would refuse about it, in the words of the user's language; empty when fine."""
        ...

    def explain(self, code: int) -> str:
        """What a refusal's code means and what to do, for staff, in the user's language."""
        ...

    def reach(self, said: Mapping[str, Any]) -> Reach | None:
        """The account's daily limit, where ``describe`` or a notice tells it; None when nothing is said of it."""
        ...

    async def send(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        to: Address,
        outgoing: Outgoing,
        opaque: str,
    ) -> Accepted: ...

    async def mark_read(
        self, http: aiohttp.ClientSession, credentials: Credentials, message_id: str, *, typing: bool = False
    ) -> None: ...

    async def upload(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        content: bytes,
        mime_type: str,
        filename: str,
    ) -> str:
        """The media id under which the platform now holds the file."""
        ...

    async def download(
        self, http: aiohttp.ClientSession, credentials: Credentials, media_id: str, *, limit: int
    ) -> tuple[bytes, str]:
        """Content and MIME type. ``limit`` in bytes: a larger file is a ``Refusal``; ``receiving`` knows what each means."""
        ...

    async def templates(
        self, http: aiohttp.ClientSession, credentials: Credentials
    ) -> list[TemplateFound]: ...

    async def create_template(
        self, http: aiohttp.ClientSession, credentials: Credentials, definition: dict[str, Any]
    ) -> TemplateFound: ...

    async def upload_example(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        content: bytes,
        mime_type: str,
        filename: str,
    ) -> str:
        """A handle for the example file without which a template with a photo is not reviewed."""
        ...

    async def delete_template(
        self, http: aiohttp.ClientSession, credentials: Credentials, name: str
    ) -> None: ...

    async def block(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None: ...

    async def unblock(self, http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None: ...

    async def subscribe(
        self, http: aiohttp.ClientSession, credentials: Credentials, callback_url: str
    ) -> None:
        """Ask the platform to send its webhooks to ``callback_url`` (it answers with its handshake)."""
        ...

    async def describe(self, http: aiohttp.ClientSession, credentials: Credentials) -> dict[str, Any]:
        """The number as the platform sees it (name, quality, limits): proof that the credentials work."""
        ...
