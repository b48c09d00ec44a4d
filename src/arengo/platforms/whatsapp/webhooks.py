# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A webhook body as events.

The envelope is opened leaf by leaf: every entry, change, message and status is decoded on its own, so that a
broken one becomes one :class:`Unreadable` and its neighbours are read. A body that is no JSON only because of one
leaf (a number that is none, thousands of brackets) is mended around it first (``core/mended_json.py``). Nothing of the
content goes into an ``Unreadable``: it says where the part is and what is wrong with its shape.

Fields that Meta documents and that are not Arengo's business (:data:`NOT_OURS`) are passed over on purpose:
history and echoes of a phone that shares the number, ads, groups, payments. They can come by the thousand and
nobody would read a notice of each; the raw body stays in the journal. A field that Meta has not documented
becomes an ``Unreadable``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec

from arengo.core import outside
from arengo.core.mended_json import mended
from arengo.platforms.contract import (
    Address,
    IdentityChanged,
    Incoming,
    PreferenceChanged,
    ReceiptReceived,
    ReceiptStatus,
    TemplateChanged,
    Unreadable,
)
from arengo.platforms.whatsapp import (
    client,
    leaves,
    notices,
    people,
    refusals,
    routing,
    templates,
    webhook_types as types,
)

Object = dict[str, msgspec.Raw]

OBJECT = "whatsapp_business_account"
NOT_OURS = frozenset(
    {
        "automatic_events",
        "campaign_status_update",
        "history",
        "message_echoes",
        "smb_app_state_sync",
        "smb_message_echoes",
        "tracking_events",
    }
)
NOT_OURS_PREFIXES = ("group_", "payment_", "smb_")

_BROKEN = leaves.BROKEN
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_object = msgspec.json.Decoder(Object).decode
_array = msgspec.json.Decoder(list[msgspec.Raw]).decode
_text = msgspec.json.Decoder(str).decode
_metadata_of = leaves.reader(types.Metadata)
_status_of = leaves.reader(types.Status)
_preference_of = leaves.reader(types.Preference)
_user_id_update_of = leaves.reader(types.UserIdUpdate)
_template_of = leaves.reader(types.TemplateUpdate)
_error_of = leaves.reader(types.Error)

_RECEIPTS = {status.value: status for status in ReceiptStatus}
_NULL = b"null"
_EMPTY = msgspec.Raw(b"{}")
_NO_PRICING = types.Pricing()
_NO_ERROR = types.Error()


def parse(body: bytes) -> list[Incoming]:
    """Every event of one body, in order. Never raises."""
    return list(_body(outside.json_text(body.removeprefix(_BYTE_ORDER_MARK))))


def _body(body: bytes) -> Iterator[Incoming]:
    try:
        try:
            whole = _object(body)
        except _BROKEN:
            whole = _object(mended(body))
        kind = _text(whole["object"]) if "object" in whole else OBJECT
        entries = _items(whole, "entry")
    except _BROKEN as error:
        yield _unreadable(error, "body")
        return
    if kind != OBJECT or not entries:
        yield Unreadable(reason="not a webhook of WhatsApp", where="body")
        return
    for number, raw in enumerate(entries):
        where = f"entry[{number}]"
        try:
            entry = _object(raw)
            at = people.moment(entry.get("time", types.NOT_SAID))
            changes = _items(entry, "changes")
        except _BROKEN as error:
            yield _unreadable(error, where)
            continue
        for place, change in enumerate(changes):
            yield from _change(change, None if at == outside.NO_MOMENT else at, f"{where}.changes[{place}]")


def _change(raw: msgspec.Raw, at: datetime | None, where: str) -> Iterator[Incoming]:
    try:
        change = _object(raw)
        field = _text(change["field"]) if "field" in change else ""
        raw_value = change.get("value", _EMPTY)
        value = _object(raw_value)
    except _BROKEN as error:
        yield _unreadable(error, where)
        return
    where = f"{where}.value"
    if field in _OF_PEOPLE:
        yield from _OF_PEOPLE[field](value, raw_value, where)
    elif field in _LISTED:
        yield from _each(value, field, where, _LISTED[field])
    elif field in _TEMPLATE_FIELDS:
        yield from _read(raw_value, where, lambda leaf: _template(leaf, at))
    elif field in notices.FIELDS:
        yield from _read(raw_value, where, lambda leaf: notices.notice(field, leaf))
    elif field not in NOT_OURS and not field.startswith(NOT_OURS_PREFIXES):
        named = f"unknown field {client.clean(field)[:60]!r}"
        yield Unreadable(reason=named if field else "no field", where=where)


def _messages(value: Object, raw: msgspec.Raw, where: str) -> Iterator[Incoming]:
    number_id = _number_id(value)
    if "messages" in value:
        book = people.book(value.get("contacts"))
        try:
            alone = len(book) == 1 and len(_items(value, "messages")) == 1
        except _BROKEN:
            alone = False
        yield from _each(
            value, "messages", where, lambda leaf: people.message(leaf, book, number_id, alone=alone)
        )
    if "statuses" in value:
        yield from _each(value, "statuses", where, lambda leaf: _receipt(leaf, number_id))
    if "errors" in value:
        yield from _each(value, "errors", where, lambda leaf: notices.failure(_error_of(leaf)))


def _calls(value: Object, raw: msgspec.Raw, where: str) -> Iterator[Incoming]:
    """One that nobody took is a message of its person; one that says nothing of how it ended is a notice."""
    if "calls" not in value:
        yield from _read(raw, where, lambda leaf: notices.notice("calls", leaf))
        return
    book, number_id = people.book(value.get("contacts")), _number_id(value)

    def read(leaf: msgspec.Raw) -> Incoming | None:
        call = people.call_of(leaf)
        if not call.event:
            return notices.notice("calls", leaf)
        return people.missed_call(call, leaf, book, number_id)

    yield from _each(value, "calls", where, read)


def _handovers(value: Object, raw: msgspec.Raw, where: str) -> Iterator[Incoming]:
    """A list of them, or one that is the value itself."""
    book, number_id = people.book(value.get("contacts")), _number_id(value)

    def read(leaf: msgspec.Raw) -> Incoming:
        return routing.handover(leaf, book, number_id)

    if routing.HANDOVERS in value:
        yield from _each(value, routing.HANDOVERS, where, read)
    else:
        yield from _read(raw, where, read)


def _standby(value: Object, raw: msgspec.Raw, where: str) -> Iterator[Incoming]:
    """Copies. Receipts may be of what we sent before: they move our deliveries and have no other effect."""
    metadata, book = _metadata(value), people.book(value.get("contacts"))

    def read(leaf: msgspec.Raw) -> Incoming | None:
        if routing.is_receipt(leaf):
            return msgspec.structs.replace(_receipt(leaf, metadata.phone_number_id or ""), remedy=None)
        return routing.copy(leaf, book, metadata)

    names = [name for name in (*routing.COPIES, routing.RECEIPTS) if name in value]
    if not names:
        yield Unreadable(reason="standby without copies", where=where)
    for name in names:
        yield from _each(value, name, where, read)


_OF_PEOPLE: dict[str, Callable[[Object, msgspec.Raw, str], Iterator[Incoming]]] = {
    "messages": _messages,
    "calls": _calls,
    "standby": _standby,
    routing.HANDOVERS: _handovers,
}


# --- one list, one leaf -----------------------------------------------------------------------------------

Reader = Callable[[msgspec.Raw], Incoming | None]


def _each(value: Object, name: str, where: str, read: Reader) -> Iterator[Incoming]:
    try:
        items = _items(value, name)
    except _BROKEN as error:
        yield _unreadable(error, f"{where}.{name}")
        return
    for number, item in enumerate(items):
        try:
            event = read(item)
        except _BROKEN as error:
            yield _unreadable(error, f"{where}.{name}[{number}]")
        else:
            if event is not None:
                yield event


def _read(raw: msgspec.Raw, where: str, read: Reader) -> Iterator[Incoming]:
    try:
        event = read(raw)
    except _BROKEN as error:
        yield _unreadable(error, where)
    else:
        if event is not None:
            yield event


def _items(value: Object, name: str) -> list[msgspec.Raw]:
    raw = value.get(name)
    return [] if raw is None or bytes(raw) == _NULL else _array(raw)


def _unreadable(error: Exception, where: str) -> Unreadable:
    # msgspec speaks of types and places, leaves.Unclear of what is missing: neither quotes the content.
    shape = isinstance(error, (msgspec.MsgspecError, leaves.Unclear))
    return Unreadable(reason=client.clean(str(error)) if shape else type(error).__name__, where=where)


def _number_id(value: Object) -> str:
    return _metadata(value).phone_number_id or ""


def _metadata(value: Object) -> types.Metadata:
    try:
        return _metadata_of(value["metadata"]) if "metadata" in value else types.Metadata()
    except _BROKEN:
        return types.Metadata()


# --- receipts ---------------------------------------------------------------------------------------------


def _receipt(raw: msgspec.Raw, number_id: str) -> ReceiptReceived:
    status = _status_of(raw)
    known = _RECEIPTS.get(status.status)
    if known is None:
        raise leaves.Unclear("unknown status")
    if not (status.id.strip() or status.biz_opaque_callback_data):
        raise leaves.Unclear("a status of no message")
    # The recipient of a group message is the group.
    group = status.recipient_type == "group"
    address = None if group else people.address(status.recipient_id, status.recipient_user_id)
    pricing, error = status.pricing or _NO_PRICING, status.errors[0] if status.errors else _NO_ERROR
    failed = error is not _NO_ERROR
    code = refusals.code_of(error.code) if failed else refusals.NO_CODE
    return ReceiptReceived(
        message_id=status.id.strip(),
        status=known,
        at=people.moment(status.timestamp),
        opaque=status.biz_opaque_callback_data or "",
        address=address,
        code=code,
        title=client.clean(error.title or error.message or "") if failed else "",
        details=client.clean(error.error_data.details or "") if error.error_data else "",
        remedy=refusals.remedy_of_receipt(code) if failed else None,
        billable=pricing.billable,
        price_category=(pricing.category or "")[:30],
        number_id=number_id,
    )


# --- people's choices and identities ----------------------------------------------------------------------


# `signup`: they asked WhatsApp for this business's marketing. Being on the list still takes their word to us.
_WANTS_MARKETING = {"stop": False, "resume": True, "signup": True}


def _preference(raw: msgspec.Raw) -> PreferenceChanged | None:
    preference = _preference_of(raw)
    if preference.category not in {None, "marketing_messages"}:
        return None
    if preference.value not in _WANTS_MARKETING:
        raise leaves.Unclear("unknown preference")
    return PreferenceChanged(
        address=people.required(preference.wa_id, preference.user_id),
        wants_marketing=_WANTS_MARKETING[preference.value],
        at=people.moment(preference.timestamp),
        detail=preference.detail or "",
    )


def _identity(raw: msgspec.Raw) -> IdentityChanged:
    """The form of early 2026; since summer a `system` message tells it (``identity_changes.py``)."""
    update = _user_id_update_of(raw)
    if not update.user_id.previous or not update.user_id.current:
        raise leaves.Unclear("a change of identity without both ids")
    # The id changes with the number, and Meta does not say whether this is the old one or the new: the person who was
    # is named by the id alone, lest a number that now belongs to somebody else should join the two.
    return IdentityChanged(
        previous=Address(user_id=update.user_id.previous),
        current=Address(phone=people.phone(update.wa_id), user_id=update.user_id.current),
        at=people.moment(update.timestamp),
    )


_LISTED: dict[str, Reader] = {"user_preferences": _preference, "user_id_update": _identity}


# --- templates --------------------------------------------------------------------------------------------

_TEMPLATE_FIELDS = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "message_template_components_update",
        "template_category_update",
        "template_correct_category_detection",
    }
)


def _template(raw: msgspec.Raw, at: datetime | None) -> Incoming:
    """The five fields have one shape: Meta's own example of one carries the name of another."""
    update = _template_of(raw)
    if update.correct_category:
        return notices.recategorisation(update, at or datetime.now(UTC))
    rejection, other = update.rejection_info, update.other_info
    if rejection and rejection.reason:
        reason = " ".join(part for part in (rejection.reason, rejection.recommendation) if part)
    elif other and (other.description or other.title):
        reason = other.description or other.title or ""
    else:
        reason = "" if update.reason in {None, "NONE"} else update.reason or ""
    return TemplateChanged(
        template_id=str(update.message_template_id),
        name=update.message_template_name,
        language=templates.language(update.message_template_language),
        status=update.event or "",
        reason=client.clean(reason),
        category=update.new_category or update.message_template_category or "",
        quality=update.new_quality_score or "",
    )
