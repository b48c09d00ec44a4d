# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one function that opens a picture. A process that lives for this picture alone decodes it (``decoder.py``)."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

import msgspec

from arengo.core.images.formats import ALL, HEAD, Format, format_of
from arengo.core.images.refusals import (
    Animated,
    DamagedPicture,
    DecoderFailed,
    NotAPicture,
    PictureBusy,
    PictureTooHeavy,
    PictureTooLarge,
    SeveralPages,
    TooNarrow,
)
from arengo.core.logs import named

MOST_BYTES = 40 * 1024 * 1024  # of a file that is opened
MOST_DECODED = (
    256 * 1024 * 1024
)  # bytes of pixels: 67 million in colour; the largest photo of today's iPhones has 49 million
_MOST_MEMORY = (
    1024 * 1024 * 1024
)  # bytes of address space of the decoder, libraries and their copies included
_CPU = 20  # seconds; a photo of 49 million points takes 3 as HEIC on one core of 2026
_WALL = 40  # seconds, where the machine has other things to do
_PATIENCE = 20.0  # seconds of waiting for the picture before this one
_MOST_ANSWER = 16 * 1024  # bytes of the line that comes before the pictures
# Clean, but for what keeps the decoder small: one arena of malloc instead of eight a core.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
_DECODER = Path(__file__).with_name("decoder.py")
_MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}

_MOST_STRETCHED = 10  # times as long as wide
_LEAST_WIDTH = 300  # pixels across, of a picture that lost more than half of its points on the way

log = logging.getLogger(__name__)
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class Rendition:
    """How a picture is wanted: upright, in sRGB, no side longer than ``side`` pixels, no more than ``most_bytes``.

    ``ANY`` is PNG where the picture is partly transparent, JPEG otherwise; as JPEG, what is transparent becomes white.
    """

    side: int
    most_bytes: int
    form: Literal["JPEG", "PNG", "ANY"] = "ANY"
    quality: int = 88  # of a JPEG
    progressive: bool = False


@dataclass(frozen=True)
class Drawn:
    """One rendition: the pixels alone, without what a camera or a program wrote into the file."""

    content: bytes
    mime_type: str  # image/jpeg | image/png
    width: int
    height: int

    @property
    def suffix(self) -> str:
        return ".png" if self.mime_type == "image/png" else ".jpg"


@dataclass(frozen=True)
class Picture:
    """What was in the file. ``width`` and ``height``: of the original, upright, in pixels."""

    form: Format
    width: int
    height: int
    several: bool  # pages, or frames of an animation: the first (of HEIC the primary one) is drawn
    drawn: tuple[Drawn, ...]  # one a rendition, in their order


class _DrawnAnswer(msgspec.Struct):
    mime_type: Literal["image/jpeg", "image/png"]
    width: int
    height: int
    length: int


class _Answer(msgspec.Struct):
    refused: Literal["", "damaged", "too_large", "too_heavy"] = ""
    width: int = 0
    height: int = 0
    several: bool = False
    drawn: list[_DrawnAnswer] = []


def open_picture(
    content: bytes | IO[bytes],
    *renditions: Rendition,
    among: Collection[Format] = ALL,
    patience: float = _PATIENCE,
) -> Picture:
    """Draws the picture anew, once a rendition. A file is read from its beginning.

    Raises a :class:`PictureRefused` with words for people, for whatever bytes; PictureBusy when others were before it for
    ``patience`` seconds. Blocks for up to a minute: never inside a transaction, never in the event loop.
    """
    form = _form(content, among)
    with _turn(patience):
        # Read when it is its turn: of the pictures that wait none is in memory.
        if not isinstance(content, bytes):
            content.seek(0)
            content = content.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise PictureTooHeavy("too many bytes")
        try:
            answer, pictures = _decoded(form, content, renditions)
        except OSError as error:  # no process or no room for its answer now: the machine has too much to do
            log.warning("No decoder could be started (%s).", named(error))
            raise PictureBusy("no decoder could be started") from error
    match answer.refused:
        case "too_large":
            raise PictureTooLarge(max(0, answer.width), max(0, answer.height))
        case "too_heavy":
            raise PictureTooHeavy("cannot be made small enough")
        case "damaged":
            raise DamagedPicture("damaged")
    return Picture(form, answer.width, answer.height, answer.several, _drawn(answer, pictures, renditions))


def must_be_seen_whole(picture: Picture) -> None:
    """Raises a PictureRefused where a phone would show less than the file has: pages, movement, a strip too narrow to read."""
    if picture.several:
        raise Animated if picture.form.moves else SeveralPages
    long, short = max(picture.width, picture.height), min(picture.width, picture.height)
    lost = max((max(one.width, one.height) for one in picture.drawn), default=long) / long
    if long > short * _MOST_STRETCHED or (lost < 0.5 and short * lost < _LEAST_WIDTH and long > short * 4):
        raise TooNarrow(picture.width, picture.height)


def _form(content: bytes | IO[bytes], among: Collection[Format]) -> Format:
    """The first bytes decide before the rest is read."""
    if isinstance(content, bytes):
        head = content[:HEAD]
    else:
        content.seek(0)
        head = content.read(HEAD)
    form = format_of(head)
    if form is None or form not in among:
        raise NotAPicture("no format that is opened")
    return form


@contextmanager
def _turn(patience: float) -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=patience):
        raise PictureBusy("another picture is being opened")
    try:
        yield
    finally:
        _one_at_a_time.release()


def _decoded(form: Format, content: bytes, renditions: Collection[Rendition]) -> tuple[_Answer, bytes]:
    """What the decoder answered. DecoderFailed when it died, took too long, or said something else than it may."""
    most = sum(rendition.most_bytes for rendition in renditions) + _MOST_ANSWER
    task = {
        "form": form.name,
        "limits": {
            "memory": _MOST_MEMORY,
            "cpu": _CPU,
            "wall": _WALL,
            "output": most,
            "decoded": MOST_DECODED,
        },
        "renditions": [asdict(rendition) for rendition in renditions],
    }
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [sys.executable, "-I", str(_DECODER), json.dumps(task)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.DEVNULL,  # decoders' complaints may quote what is in the file
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
        try:
            process.communicate(content, timeout=_WALL)
        except subprocess.TimeoutExpired as late:
            raise DecoderFailed("the decoder took too long") from late
        finally:
            process.kill()
            process.wait()
        out.seek(0)
        line, _newline, pictures = out.read(most + 1).partition(b"\n")
    if process.returncode != 0 or len(line) + len(pictures) > most:
        log.warning(
            "The decoder of a picture (%s, %d bytes) ended with %d.",
            form.name,
            len(content),
            process.returncode,
        )
        raise DecoderFailed(f"the decoder ended with {process.returncode}")
    try:
        answer = msgspec.json.decode(line, type=_Answer)
    except msgspec.DecodeError as error:
        raise DecoderFailed("the decoder said something else than it may") from error
    if answer.refused:
        log.info("A picture (%s, %d bytes) was refused: %s.", form.name, len(content), answer.refused)
    return answer, pictures


def _drawn(answer: _Answer, pictures: bytes, renditions: Collection[Rendition]) -> tuple[Drawn, ...]:
    """The decoder had foreign bytes in its hands: what it hands back must be what was asked for."""
    drawn = []
    start = 0
    for one in answer.drawn:
        content = pictures[start : start + max(0, one.length)]
        start += len(content)
        if not content.startswith(_MAGIC[one.mime_type]) or len(content) != one.length:
            raise DecoderFailed("the decoder drew no picture")
        drawn.append(Drawn(content, one.mime_type, one.width, one.height))
    if len(drawn) != len(renditions) or min(answer.width, answer.height) < 1:
        raise DecoderFailed("the decoder drew too few pictures")
    return tuple(drawn)
