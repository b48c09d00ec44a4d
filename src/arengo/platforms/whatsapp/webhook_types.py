# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The leaves of a webhook, as far as Arengo reads them.

Unknown fields are passed over, and every field that Meta may leave out or set to null is optional: a message
may come without ``from``, a person without ``wa_id``, a status without recipient (since 2026 a phone number
is not a given). Ids have no bound here: they are kept as keyed hashes, or sealed. ``leaves`` reads what is of the
wrong type.
"""

from __future__ import annotations

from typing import Any

import msgspec

# Times and codes are read by themselves (people.moment, refusals.code_of): one that is nonsense costs the time or the code,
# not the message.
NOT_SAID = msgspec.Raw(b"null")


class Profile(msgspec.Struct):
    name: str | None = None
    username: str | None = None


class Contact(msgspec.Struct):
    wa_id: str | None = None
    user_id: str | None = None
    parent_user_id: str | None = None
    profile: Profile | None = None


class Metadata(msgspec.Struct):
    phone_number_id: str | None = None
    display_phone_number: str | None = None


# --- messages ---------------------------------------------------------------------------------------------


class Body(msgspec.Struct):
    body: str | None = None


class File(msgspec.Struct):
    id: str
    mime_type: str | None = None
    sha256: str | None = None
    caption: str | None = None
    filename: str | None = None


class Location(msgspec.Struct):
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class CardName(msgspec.Struct):
    formatted_name: str | None = None


class CardPart(msgspec.Struct):
    """A phone, an address of mail or of a page: each has one of these, and a word for what it is."""

    phone: str | None = None
    wa_id: str | None = None
    email: str | None = None
    url: str | None = None
    type: str | None = None


class CardAddress(msgspec.Struct):
    street: str | None = None
    zip: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    type: str | None = None


class CardOrganization(msgspec.Struct):
    company: str | None = None
    department: str | None = None
    title: str | None = None


class Card(msgspec.Struct):
    name: CardName | None = None
    phones: list[CardPart] | None = None
    emails: list[CardPart] | None = None
    urls: list[CardPart] | None = None
    addresses: list[CardAddress] | None = None
    org: CardOrganization | None = None
    birthday: str | None = None
    origin: str | None = None


class Reaction(msgspec.Struct):
    message_id: str
    emoji: str | None = None


class Pressed(msgspec.Struct):
    id: str = ""
    title: str = ""
    description: str | None = None


class Form(msgspec.Struct):
    body: str | None = None
    name: str | None = None
    response_json: str | None = None  # an object, as JSON within the JSON


class Interactive(msgspec.Struct):
    type: str = ""
    button_reply: Pressed | None = None
    list_reply: Pressed | None = None
    nfm_reply: Form | None = None


class TemplateButton(msgspec.Struct):
    payload: str | None = None
    text: str | None = None


class OrderItem(msgspec.Struct):
    product_retailer_id: str | None = None
    quantity: int | float | str | None = None
    item_price: int | float | str | None = None
    currency: str | None = None


class Order(msgspec.Struct):
    text: str | None = None
    catalog_id: str | None = None
    product_items: list[OrderItem] | None = None


class System(msgspec.Struct):
    body: str | None = None
    type: str | None = None
    wa_id: str | None = None
    new_wa_id: str | None = None
    user_id: str | None = None
    # Before the change: `customer` is the number's name until 2024.
    customer: str | None = None
    previous_wa_id: str | None = None
    previous_user_id: str | None = None


class Unsupported(msgspec.Struct):
    type: str | None = None


class Revoked(msgspec.Struct):
    original_message_id: str | None = None


class EditedContent(msgspec.Struct):
    text: Body | None = None
    image: File | None = None
    video: File | None = None
    document: File | None = None


class Edited(msgspec.Struct):
    original_message_id: str | None = None
    message: EditedContent | None = None


class Context(msgspec.Struct):
    id: str | None = None
    forwarded: bool | None = None
    frequently_forwarded: bool | None = None


class ErrorData(msgspec.Struct):
    details: str | None = None


class Error(msgspec.Struct):
    code: msgspec.Raw = NOT_SAID
    title: str | None = None
    message: str | None = None
    error_data: ErrorData | None = None


class Message(msgspec.Struct):
    id: str = ""  # without one it is still a message (``people.message_id``)
    timestamp: msgspec.Raw = NOT_SAID
    type: str = ""
    sender: str | None = msgspec.field(name="from", default=None)
    from_user_id: str | None = None
    from_parent_user_id: str | None = None
    parent_user_id: str | None = None
    group_id: Any = None  # whatever it is, a message that carries one was written in a group
    context: Context | None = None
    referral: Any = None
    text: Body | None = None
    image: File | None = None
    video: File | None = None
    audio: File | None = None
    document: File | None = None
    sticker: File | None = None
    location: Location | None = None
    contacts: list[Card] | None = None
    reaction: Reaction | None = None
    interactive: Interactive | None = None
    button: TemplateButton | None = None
    order: Order | None = None
    system: System | None = None
    unsupported: Unsupported | None = None
    edit: Edited | None = None
    revoke: Revoked | None = None
    errors: list[Error] | None = None


class Call(msgspec.Struct):
    id: str = ""
    timestamp: msgspec.Raw = NOT_SAID
    sender: str | None = msgspec.field(name="from", default=None)
    from_user_id: str | None = None
    event: str = ""  # connect | terminate
    direction: str = ""  # USER_INITIATED | BUSINESS_INITIATED
    status: str | list[str] | None = None  # COMPLETED | FAILED
    duration: int | float | str | None = None  # seconds; only of a call that somebody took


# --- receipts ---------------------------------------------------------------------------------------------


class Pricing(msgspec.Struct):
    billable: bool | None = None
    category: str | None = None


class Status(msgspec.Struct):
    status: str
    id: str = ""
    timestamp: msgspec.Raw = NOT_SAID
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    recipient_type: str | None = None
    biz_opaque_callback_data: str | None = None
    pricing: Pricing | None = None
    errors: list[Error] | None = None


# --- what a person told WhatsApp --------------------------------------------------------------------------


class Preference(msgspec.Struct):
    value: str
    timestamp: msgspec.Raw = NOT_SAID
    wa_id: str | None = None
    user_id: str | None = None
    category: str | None = None
    detail: str | None = None


class Change(msgspec.Struct):
    previous: str | None = None
    current: str | None = None


class UserIdUpdate(msgspec.Struct):
    user_id: Change
    timestamp: msgspec.Raw = NOT_SAID
    wa_id: str | None = None


# --- templates and the account ----------------------------------------------------------------------------


class RejectionInfo(msgspec.Struct):
    reason: str | None = None
    recommendation: str | None = None


class OtherInfo(msgspec.Struct):
    title: str | None = None
    description: str | None = None


class TemplateUpdate(msgspec.Struct):
    """Status, quality, category and components updates: they differ in which of these they carry."""

    message_template_id: int | str
    message_template_name: str = ""
    message_template_language: str = ""
    event: str | None = None
    reason: str | None = None
    rejection_info: RejectionInfo | None = None
    other_info: OtherInfo | None = None
    message_template_category: str | None = None
    new_quality_score: str | None = None
    new_category: str | None = None
    category: str | None = None
    correct_category: str | None = None
    category_update_timestamp: msgspec.Raw = NOT_SAID


class BanInfo(msgspec.Struct):
    waba_ban_state: str | list[str] | None = None


class ViolationInfo(msgspec.Struct):
    violation_type: str | None = None


class Restriction(msgspec.Struct):
    restriction_type: str | None = None


class AlertInfo(msgspec.Struct):
    alert_severity: str | None = None
    alert_type: str | None = None
    alert_description: str | None = None


class Notice(msgspec.Struct):
    """Whatever Meta says about the number or the account."""

    event: str | None = None
    decision: str | None = None
    current_limit: str | None = None
    max_daily_conversations_per_business: int | str | None = None
    rejection_reason: str | None = None
    ban_info: BanInfo | None = None
    violation_info: ViolationInfo | None = None
    restriction_info: list[Restriction] | None = None
    alert_info: AlertInfo | None = None
