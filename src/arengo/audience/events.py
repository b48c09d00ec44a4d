# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the audience tells the rooms above it. Batches carry organization and sender (``core.events.Batch``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from arengo.audience.models import ContactKey
from arengo.platforms.contract import Address, Buttons, Listing, MessageReceived


@dataclass
class Shown:
    """Where a room above shows a message that it has just stored, in a conversation that is new with it; 0: not so.

    That room fills it in, and finds it again at what follows from the message.
    """

    message_id: int = 0
    conversation_id: int = 0


@dataclass(frozen=True)
class CitizenWrote:
    """Something about a citizen, now known; ``message.nature`` tells what: words of theirs, an edit, a notice …

    ``command``: the prefix under which it was handled (``choices.py``), as ``join`` and ``leave``: it needs no person's answer.
    Empty: it does.

    Published once a message id, however often the platform repeats it. ``fresh``: nothing was known of the citizen before
    this batch.
    """

    contact_id: int
    identity_id: int
    message: MessageReceived
    command: str = ""
    fresh: bool = field(default=False, compare=False)
    shown: Shown = field(default_factory=Shown, compare=False)


@dataclass(frozen=True)
class Proves:
    """Which line of the log of consents an answer belongs to, and the versions of the texts that it carries or links; 0: none.

    ``key``: the person's own, under which the line is sealed.
    """

    consent_id: int
    key: ContactKey
    policy_id: int = 0
    rules_id: int = 0


@dataclass(frozen=True)
class ReplyWanted:
    """The organization's own words, to be sent in answer to a command. ``about`` is that command's message id.

    ``kind`` is of core/automatic.py. ``owed``: it may be sent later, and is not left out because much is sent.
    ``edit``: the id of the edit that made the message a command; empty when it was one from the start.
    ``outgoing``: what to press over which ``text`` stands; None: a text alone. ``to``: the citizen's address, and ``said_at``
    when they said it, where they are at hand. ``shown_as``: what the conversation shows in place of the text, which holds a
    secret of the citizen's; empty: the text.
    """

    contact_id: int
    identity_id: int
    text: str
    about: str
    kind: str
    owed: bool = False
    edit: str = ""
    outgoing: Listing | Buttons | None = field(default=None, compare=False)
    to: Address | None = field(default=None, compare=False)
    said_at: datetime | None = field(default=None, compare=False)
    shown: Shown = field(default_factory=Shown, compare=False)
    shown_as: str = ""
    proves: Proves | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ConversationMoved:
    """The platform gave the conversation with this citizen to us (``ours``) or to another responder."""

    identity_id: int
    ours: bool
    at: datetime
    role: str = ""


@dataclass(frozen=True)
class NewsStopped:
    """A citizen told the platform that they want no news and no digests; what matters to everybody still goes."""

    identity_id: int
    platform: str
    address: Address


@dataclass(frozen=True)
class IdentitiesMerged:
    """Two identities turned out to be one person. Published before the one that is ``gone`` is deleted.

    The contacts may be the same; when they are not, the gone one is deleted too.
    """

    kept_contact_id: int
    kept_identity_id: int
    gone_contact_id: int
    gone_identity_id: int


@dataclass(frozen=True)
class SubscriptionEnded:
    """Somebody is off the list: nothing of a mailing under way may reach them any more."""

    identity_id: int
    platform: str
    address: Address


@dataclass(frozen=True)
class SubscriptionAffirmed:
    """Somebody who is on the list asks to be on it: nothing changes, and they have said so."""

    identity_id: int


@dataclass(frozen=True)
class AddressErased:
    """An address whose person is being erased: published while it can still be opened.

    ``until``: when it ceased to be theirs; what was sent there later is somebody else's. ``erasure_id`` is the note of
    this erasure (``core/erasures.py``), for rooms that must go on after the transaction.
    """

    platform: str
    address: Address
    until: datetime | None = None
    erasure_id: int = 0
