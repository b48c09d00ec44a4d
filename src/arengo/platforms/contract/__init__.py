# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the engine asks of a platform, and the words both use.

The engine (intake, delivery) never names a platform: it holds a :class:`Platform` found by name in
``platforms.registry`` and speaks in the structs of this package. Structs are frozen msgspec structs: they are
checked when decoded from JSON and cost little on the hot paths.
"""

from __future__ import annotations

from arengo.platforms.contract.addresses import (
    Address as Address,
    Key as Key,
)
from arengo.platforms.contract.capabilities import (
    Blocks as Blocks,
    Capabilities as Capabilities,
    CountsPeople as CountsPeople,
    Handshakes as Handshakes,
    HandsOutFiles as HandsOutFiles,
    HasTemplates as HasTemplates,
    MarksRead as MarksRead,
    NamesTemplateStates as NamesTemplateStates,
    OpensChats as OpensChats,
    Pressing as Pressing,
    PriceList as PriceList,
    PublishesPrices as PublishesPrices,
    Reach as Reach,
    Sendable as Sendable,
    Subscribes as Subscribes,
    TakesFiles as TakesFiles,
    TakesThreads as TakesThreads,
    TellsGone as TellsGone,
    TellsHopeless as TellsHopeless,
    TellsListeners as TellsListeners,
    TemplateFound as TemplateFound,
    ToOne as ToOne,
)
from arengo.platforms.contract.contents import (
    Card as Card,
    Cards as Cards,
    Content as Content,
    Field as Field,
    Form as Form,
    Item as Item,
    Ordered as Ordered,
    Picked as Picked,
    Unknown as Unknown,
)
from arengo.platforms.contract.credentials import Credentials as Credentials
from arengo.platforms.contract.incoming import (
    HandedOver as HandedOver,
    IdentityChanged as IdentityChanged,
    Incoming as Incoming,
    IncomingMedia as IncomingMedia,
    MessageReceived as MessageReceived,
    PreferenceChanged as PreferenceChanged,
    ReceiptReceived as ReceiptReceived,
    ReceiptStatus as ReceiptStatus,
    SenderNotice as SenderNotice,
    TemplateChanged as TemplateChanged,
    Unreadable as Unreadable,
)
from arengo.platforms.contract.limits import Limits as Limits
from arengo.platforms.contract.natures import Nature as Nature
from arengo.platforms.contract.outgoing import (
    Accepted as Accepted,
    Buttons as Buttons,
    Choice as Choice,
    Listing as Listing,
    LocationRequest as LocationRequest,
    Media as Media,
    NumberRequest as NumberRequest,
    Outgoing as Outgoing,
    Parameter as Parameter,
    Reaction as Reaction,
    Section as Section,
    Template as Template,
    TemplateButton as TemplateButton,
    Text as Text,
)
from arengo.platforms.contract.platform import (
    Everything as Everything,
    Platform as Platform,
    Signature as Signature,
)
from arengo.platforms.contract.receiving import (
    FileTrouble as FileTrouble,
    Receiving as Receiving,
)
from arengo.platforms.contract.refusals import (
    Refusal as Refusal,
    Remedy as Remedy,
)
from arengo.platforms.contract.words import Words as Words
