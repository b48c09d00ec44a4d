# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files sent either way, with Meta's types, sizes and lifetimes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from arengo_sandbox.errors import GraphError
from arengo_sandbox.storage import Storage

MB = 1024 * 1024
URL_SECONDS = 300
UPLOADED_SECONDS = 30 * 86400
RECEIVED_SECONDS = 7 * 86400

# Meta, page "Media": kinds of message, their MIME types and largest sizes.
KINDS: dict[str, tuple[frozenset[str], int]] = {
    "image": (frozenset({"image/jpeg", "image/png"}), 5 * MB),
    "audio": (frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}), 16 * MB),
    "video": (frozenset({"video/mp4", "video/3gpp"}), 16 * MB),
    "sticker": (frozenset({"image/webp"}), 500 * 1024),
    "document": (
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.ms-excel",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            }
        ),
        100 * MB,
    ),
}
LARGEST = 100 * MB


class Media(msgspec.Struct, kw_only=True):
    """One stored file."""

    id: str
    mime_type: str
    sha256: str
    size: int
    number: str
    filename: str | None
    born: float
    received: bool = False

    @property
    def expired(self) -> bool:
        return time.time() - self.born > (RECEIVED_SECONDS if self.received else UPLOADED_SECONDS)

    @property
    def sha256_base64(self) -> str:
        """Webhooks give the hash in base64, the media node in hex."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()


def bare_type(mime_type: str) -> str:
    return mime_type.split(";", 1)[0].strip().lower()


def allowed_for(mime_type: str) -> list[str]:
    """The kinds of message that may carry this type."""
    return [kind for kind, (types, _) in KINDS.items() if bare_type(mime_type) in types]


def check_upload(mime_type: str, size: int) -> None:
    """Meta's refusal of a type that no message carries, or of a size beyond that type's limit."""
    kinds = allowed_for(mime_type)
    if not kinds:
        supported = ", ".join(sorted(t for types, _ in KINDS.values() for t in types))
        raise GraphError(
            100,
            f"Param file must be a file with one of the following types: {supported}. Received file of type "
            f"'{bare_type(mime_type)}'.",
        )
    limit = max(KINDS[kind][1] for kind in kinds)
    if size > limit:
        raise GraphError(
            131053, f"File size {size} exceeds the limit of {limit} bytes for {bare_type(mime_type)}"
        )
    if size == 0:
        raise GraphError(100, "Param file must not be empty.")


def mismatch(media: Media, kind: str) -> str | None:
    """Why this file cannot be sent as that kind of message; None when it can."""
    types, limit = KINDS[kind]
    if kind != "document" and bare_type(media.mime_type) not in types:
        return (
            f"Unsupported {kind.capitalize()} mime type {bare_type(media.mime_type)}. Please use one of "
            f"{', '.join(sorted(types))}."
        )
    if media.size > limit:
        return f"{kind.capitalize()} file size {media.size} is larger than the limit of {limit} bytes."
    return None


class MediaStore:
    """Files by id: on disk under the data folder, or in memory without one."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, Media] = {}
        self._bytes: dict[str, bytes] = {}
        self._secret = secrets.token_bytes(32)
        self._folder: Path | None = None
        if storage.folder is not None:
            self._folder = storage.folder / "media"
            self._folder.mkdir(exist_ok=True)

    def load(self) -> None:
        for media in self._storage.load("media", Media):
            self._known[media.id] = media

    def add(
        self,
        content: bytes,
        mime_type: str,
        number: str,
        filename: str | None = None,
        *,
        received: bool = False,
    ) -> Media:
        media = Media(
            id=str(secrets.randbelow(9 * 10**15) + 10**15),
            mime_type=mime_type,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            number=number,
            filename=filename,
            born=time.time(),
            received=received,
        )
        if self._folder is not None:
            (self._folder / media.id).write_bytes(content)
        else:
            self._bytes[media.id] = content
        self._known[media.id] = media
        self._storage.put("media", media.id, media)
        return media

    def get(self, media_id: str) -> Media | None:
        media = self._known.get(media_id)
        return None if media is None or media.expired else media

    def content(self, media: Media) -> bytes:
        if self._folder is not None:
            return (self._folder / media.id).read_bytes()
        return self._bytes[media.id]

    def delete(self, media: Media) -> None:
        self._known.pop(media.id, None)
        self._bytes.pop(media.id, None)
        if self._folder is not None:
            (self._folder / media.id).unlink(missing_ok=True)
        self._storage.drop("media", media.id)

    def signed_query(self, media: Media) -> dict[str, str]:
        """The query of a download address that works for five minutes."""
        until = str(int(time.time()) + URL_SECONDS)
        return {"mid": media.id, "ext": until, "hash": self._seal(media.id, until)}

    def from_query(self, query: Iterable[tuple[str, str]]) -> Media | None:
        """The file that a download address stands for, unless its time is over."""
        given = dict(query)
        media_id, until = given.get("mid", ""), given.get("ext", "0")
        if not hmac.compare_digest(given.get("hash", ""), self._seal(media_id, until)):
            return None
        return self.get(media_id) if int(until) >= time.time() else None

    def _seal(self, media_id: str, until: str) -> str:
        return hmac.new(self._secret, f"{media_id}.{until}".encode(), hashlib.sha256).hexdigest()[:32]
