# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One leaf of a webhook as a struct, however odd its parts are.

A leaf that is as Meta documents it is decoded at once. Otherwise it is read part by part: a part of the wrong type is as
good as absent, and costs nothing but itself. Only what a leaf cannot do without (of a receipt its status) makes it unclear.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from arengo.core import outside
from arengo.core.mended_json import mended

# What decoding and reading a leaf can raise; JSON too deep raises RecursionError.
BROKEN = (ValueError, RecursionError)
_NULL = b"null"
_ABSENT: Any = object()

_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_array = msgspec.json.Decoder(list[msgspec.Raw]).decode

Leaf = TypeVar("Leaf", bound=msgspec.Struct)


class Unclear(ValueError):
    """A part has the right shape and says too little. The text never quotes the part."""


def reader(kind: type[Leaf]) -> Callable[[bytes | msgspec.Raw], Leaf]:
    """The reader of one kind of leaf: raises Unclear, or another of ``BROKEN`` for what is no object at all."""
    decode = msgspec.json.Decoder(kind).decode

    def read(raw: bytes | msgspec.Raw) -> Leaf:
        try:
            return decode(raw)
        except BROKEN:
            return _part_by_part(kind, mended(bytes(raw)))

    return read


def _part_by_part(kind: type[Leaf], raw: bytes | msgspec.Raw) -> Leaf:
    parts = _object(raw)
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        part = parts.get(field.encode_name)
        value = _ABSENT if part is None or bytes(part) == _NULL else _value(field.type, part)
        if value is not _ABSENT:
            found[field.name] = value
        elif field.required:
            raise Unclear(f"no usable {field.encode_name}")
    return kind(**found)


def _value(kind: Any, raw: msgspec.Raw) -> Any:
    if kind is msgspec.Raw:
        return msgspec.Raw(bytes(raw))
    try:
        return msgspec.json.decode(raw, type=kind)
    except BROKEN:
        pass
    for one in _alternatives(kind):
        value = _similar(one, raw)
        if value is not _ABSENT:
            return value
    return _ABSENT


def _similar(kind: Any, raw: msgspec.Raw) -> Any:
    """A number where text belongs is its digits; an object or a list is read for what can be read of it."""
    try:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return _part_by_part(kind, raw)
        if get_origin(kind) is list:
            [inner] = get_args(kind)
            return [value for item in _array(raw) if (value := _value(inner, item)) is not _ABSENT]
        if kind is str:
            number = outside.whole(msgspec.json.decode(raw))
            return _ABSENT if number is None else str(number)
    except BROKEN:
        pass
    return _ABSENT


def _alternatives(kind: Any) -> tuple[Any, ...]:
    origin = get_origin(kind)
    if origin is Annotated:
        return _alternatives(get_args(kind)[0])
    return get_args(kind) if origin in {Union, types.UnionType} else (kind,)
