# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that makes requests to the Graph API, or to a provider that speaks it.

Every answer is read by ``platforms.answers``, and every failure leaves here as a :class:`Refusal`. Nothing is tried
again here: a send has no idempotency key, so only the engine, which remembers what it did, may repeat one. ``certain``
is True when the platform cannot have acted: nothing left this machine, or it said no before it took anything. What it says
with a status of 5xx, and what is said by nobody knows whom, it may have said after.
"""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any

import aiohttp
import msgspec

from arengo.core import outside
from arengo.platforms import answers, refusing
from arengo.platforms.answers import Answer, Fault
from arengo.platforms.authorizing import authorization
from arengo.platforms.connections import is_refused
from arengo.platforms.contract import Credentials, Refusal, Remedy
from arengo.platforms.departing import Departure
from arengo.platforms.redaction import without_ids
from arengo.platforms.whatsapp import refusals
from arengo.platforms.wording import printable, without_secrets

# ``connect`` covers the wait for a free connection too, so that running out of it always means "never sent".
TIMEOUT = aiohttp.ClientTimeout(total=40, connect=10)
FILE_TIMEOUT = aiohttp.ClientTimeout(total=600, connect=10)

_JSON = "application/json"
_MOST_WAIT = 24 * 3600  # seconds that a platform may ask us to wait
# Codes are kept in columns of 32 bits, and negative ones are Arengo's own.
Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=300)
]  # an id that the platform gives; Meta's have 60
_Code = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class _ErrorData(msgspec.Struct):
    details: str | None = None


class _Error(msgspec.Struct):
    code: _Code = 0
    message: str | None = None
    type: str | None = None
    error_subcode: int | None = None
    error_data: _ErrorData | str | None = None
    error_user_title: str | None = None
    error_user_msg: str | None = None
    is_transient: bool | None = None


class _Envelope(msgspec.Struct):
    error: _Error


_envelope = msgspec.json.Decoder(_Envelope)


def url(credentials: Credentials, *segments: str) -> str:
    """An address at the provider.

    Segments that are empty are left out: some providers know neither version nor number. Raises Refusal for a segment
    that would lead out of the provider's own part of its host.
    """
    own = [credentials.version, *segments]
    if not {".", ".."}.isdisjoint(own):
        raise Refusal(Remedy.NEVER, title="an identifier that is none")
    return "/".join(part for part in (credentials.base_url.rstrip("/"), *own) if part)


async def call(
    http: aiohttp.ClientSession,
    credentials: Credentials,
    method: str,
    address: str,
    *,
    content: bytes | None = None,
    form: aiohttp.FormData | None = None,
    file: bytes | None = None,
    query: dict[str, str] | None = None,
    also: int = 200,
    about_number: bool = False,
    most: int = answers.MOST,
    patience: aiohttp.ClientTimeout = TIMEOUT,
) -> bytes:
    """The body of a 2xx answer, or of the status ``also``; ``most`` bytes at most.

    ``content`` is JSON already encoded, ``form`` multipart, ``file`` a whole file as it is.
    """
    headers = authorization(credentials, address)
    if content is not None:
        headers["Content-Type"] = _JSON
    elif file is not None:
        headers |= {"Content-Type": "application/octet-stream", "file_offset": "0"}
    left = Departure()
    try:
        answer = await answers.ask(
            http,
            method,
            address,
            most=most,
            headers=headers,
            data=form or file or content,
            query=query,
            patience=patience,
            left=left,
        )
    except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise unreached(error, left) from None
    if answer.fault is None and (200 <= answer.status < 300 or answer.status == also):
        return answer.body
    raise unread(credentials, answer, about_number=about_number)


def unread(credentials: Credentials, answer: Answer, *, about_number: bool = False) -> Refusal:
    """What an answer says that is no success, or whose body could not be read."""
    wait = answer.headers.get("Retry-After")
    if answer.fault is None:
        return refused(credentials, answer.status, answer.body, wait, about_number=about_number)
    if not 200 <= answer.status < 300:
        return _bare(answer.status, _seconds(wait))
    if answer.fault is Fault.TOO_LARGE:
        return refusing.too_large()
    if answer.fault is Fault.ENCODED:
        return refusing.unreadable()
    return Refusal(Remedy.RETRY, title=f"the answer is {answer.fault}", certain=False)


def decoded(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """The answer, typed. One that cannot be read says nothing about whether the platform acted."""
    try:
        return answers.decoded(decoder, body)
    except ValueError:
        raise not_understood() from None


def not_understood() -> Refusal:
    return Refusal(Remedy.RETRY, title="answer not understood", certain=False)


def unreached(error: BaseException, left: Departure) -> Refusal:
    """A failure on the way. Its text is dropped, since it may name addresses; its kind is kept."""
    title = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        # The server that answers is not the one we think: no token goes there until a person has looked.
        return Refusal(Remedy.STOP_SENDER, title=title)
    if is_refused(error):
        return refusing.not_public()
    unfit = isinstance(error, (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError))
    if unfit or (isinstance(error, ValueError) and not left.begun):
        return Refusal(Remedy.STOP_SENDER, title=title)
    unconnected = isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
    return Refusal(Remedy.RETRY, title=title, certain=unconnected or not left.begun)


def refused(
    credentials: Credentials,
    status: int,
    body: bytes,
    retry_after: str | None = None,
    *,
    about_number: bool = False,
) -> Refusal:
    """An answer that is not 2xx.

    ``about_number``: what "does not exist" would speak of is the sender's own number.
    """
    wait = _seconds(retry_after)
    try:
        error = answers.decoded(_envelope, body).error
    except ValueError:
        return _bare(status, wait)
    code = error.code
    if code == 0:
        code = refusals.EXPIRED
    elif code == 100 and error.error_subcode == 33 and about_number:
        code = refusals.DELETED_NUMBER
    found = refusals.meaning(code, status, transient=bool(error.is_transient))
    details = error.error_data.details if isinstance(error.error_data, _ErrorData) else error.error_data
    return Refusal(
        found.remedy if wait is None or found.remedy is not Remedy.RETRY else Remedy.RETRY_LATER,
        certain=refusals.is_certain(status, error.code),
        code=code,
        title=clean(error.error_user_title or error.message or "", credentials),
        details=clean(details or error.error_user_msg or "", credentials),
        retry_after=wait if wait is not None else found.retry_after,
        slow_down=found.slow_down,
    )


def _bare(status: int, wait: float | None) -> Refusal:
    found = refusals.bare(status)
    return Refusal(
        Remedy.RETRY_LATER if found.remedy is Remedy.RETRY and wait is not None else found.remedy,
        code=refusals.EXPIRED if status == 401 else refusals.NO_CODE,
        title=f"HTTP {status}",
        retry_after=wait,
        certain=refusals.is_certain(status),
        slow_down=found.slow_down,
    )


def _seconds(retry_after: str | None) -> float | None:
    # The form with a date is left alone: no Graph API sends it.
    seconds = outside.whole(retry_after and retry_after[:10], most=10**10)
    return None if seconds is None else float(min(seconds, _MOST_WAIT))


# --- no personal data in what staff read ------------------------------------------------------------------

_MOST_WORDS = 400  # characters
_MESSAGE_ID = re.compile(r"wamid(?:\.|%2E)[\w+/=%-]+", re.IGNORECASE)  # holds the phone number, in base64
_USER_ID = re.compile(r"\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{8,128}\b")
_NUMBER = re.compile(
    r"(?<![#\d])\+?\(?\d(?:[\s().-]{0,2}\d){6,}"
)  # and not a code, which Meta writes as (#2388040)


def clean(text: str, credentials: Credentials | None = None) -> str:
    """Meta's words without secrets, phone numbers, user ids and message ids; our own ids stay."""
    text = without_ids(_MESSAGE_ID.sub("…", printable(text, _MOST_WORDS)))
    keep: set[str] = set()
    if credentials is not None:
        keep = {credentials.number_id, credentials.account_id}
        text = without_secrets(text, credentials)
    text = _USER_ID.sub("…", text)
    return _NUMBER.sub(lambda found: found.group() if found.group() in keep else "…", text)
