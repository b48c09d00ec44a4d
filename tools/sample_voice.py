# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the voice note of the demo, ``src/arengo_sandbox/voice.ogg``: a voice that hums a few vowels, made of numbers and of nobody.

    python3 tools/sample_voice.py

Needs the system's libopus (Debian: libopus0). Only who wants another sound runs it: the file is kept.
"""

from __future__ import annotations

import array
import ctypes
import math
import struct
from pathlib import Path

FILE = Path(__file__).parent.parent / "src" / "arengo_sandbox" / "voice.ogg"

RATE, FRAME = 48_000, 960  # samples a second; of 20 ms
LOOK_AHEAD = 312  # samples that the decoder drops: libopus, at 48 kHz
BITS = 16_000  # a second: as WhatsApp's voice notes
_VOIP = 2048  # OPUS_APPLICATION_VOIP
_SET_BITRATE = 4002  # OPUS_SET_BITRATE_REQUEST
_PAGE = 50  # packets

# Vowels by their first three formants in Hz, and how long each sounds, in seconds.
VOWELS = {
    "a": (800, 1250, 2600),
    "e": (480, 1900, 2550),
    "i": (300, 2250, 3000),
    "o": (480, 850, 2450),
    "u": (320, 720, 2300),
}
WORDS = [("u", 0.16), ("o", 0.22), ("i", 0.26), ("", 0.3), ("a", 0.2), ("e", 0.16), ("o", 0.3), ("", 0.25)]
WORDS += [("a", 0.18), ("i", 0.16), ("u", 0.18), ("e", 0.34), ("", 0.2)]
WIDTHS = (90, 110, 170)  # of the formants, Hz
GLIDE = 0.004  # how fast one vowel becomes the next, a sample's share of the way


def sound() -> list[float]:
    """A pulse a period of the voice, through three resonators that glide from vowel to vowel; between -1 and 1."""
    made: list[float] = []
    formants = [float(each) for each in VOWELS["u"]]
    memory = [[0.0, 0.0] for _ in formants]
    phase = loudness = 0.0
    for vowel, seconds in WORDS:
        for _sample in range(int(seconds * RATE)):
            at = len(made) / RATE
            pitch = 135 + 18 * math.sin(2 * math.pi * at / 1.7) + 3 * math.sin(2 * math.pi * 5 * at)
            phase += pitch / RATE
            pulse = 0.0
            if phase >= 1:
                phase -= 1
                pulse = 1.0
            loudness += (bool(vowel) - loudness) / (0.02 * RATE)
            value = pulse
            for number, width in enumerate(WIDTHS):
                wanted = VOWELS[vowel or "u"][number]
                formants[number] += (wanted - formants[number]) * GLIDE / 4
                radius = math.exp(-math.pi * width / RATE)
                turn = 2 * radius * math.cos(2 * math.pi * formants[number] / RATE)
                one, two = memory[number]
                value = value * (1 - radius) + turn * one - radius * radius * two
                memory[number] = [value, one]
            made.append(value * loudness)
    loudest = max(map(abs, made))
    return [0.6 * value / loudest for value in made]


def packets(samples: list[float]) -> list[bytes]:
    """As Opus, a frame each; the last is filled up with silence."""
    opus = ctypes.CDLL("libopus.so.0")
    opus.opus_encoder_create.restype = ctypes.c_void_p
    error = ctypes.c_int()
    encoder = ctypes.c_void_p(opus.opus_encoder_create(RATE, 1, _VOIP, ctypes.byref(error)))
    if error.value:
        raise SystemExit(f"libopus: {error.value}")
    opus.opus_encoder_ctl(encoder, _SET_BITRATE, ctypes.c_int(BITS))
    whole = samples + [0.0] * (
        -len(samples) % FRAME + FRAME
    )  # one more: what the decoder drops comes out at the end
    found, room = [], ctypes.create_string_buffer(4000)
    for start in range(0, len(whole), FRAME):
        frame = array.array("f", whole[start : start + FRAME])
        address = ctypes.cast(frame.buffer_info()[0], ctypes.POINTER(ctypes.c_float))
        size = opus.opus_encode_float(encoder, address, FRAME, room, len(room))
        found.append(room.raw[:size])
    opus.opus_encoder_destroy(encoder)
    return found


def ogg(frames: list[bytes], samples: int) -> bytes:
    """RFC 7845: a head, an empty comment, and the frames in pages."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, LOOK_AHEAD, RATE, 0, 0)
    vendor = b"Arengo"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    pages = [_page([head], 0, 0, begins=True), _page([tags], 0, 1)]
    for start in range(0, len(frames), _PAGE):
        part = frames[start : start + _PAGE]
        is_last = start + _PAGE >= len(frames)
        ends = LOOK_AHEAD + samples if is_last else (start + len(part)) * FRAME
        pages.append(_page(part, ends, len(pages), ends_all=is_last))
    return b"".join(pages)


def _page(
    parts: list[bytes], granule: int, number: int, *, begins: bool = False, ends_all: bool = False
) -> bytes:
    lacing = b"".join(b"\xff" * (len(part) // 255) + bytes([len(part) % 255]) for part in parts)
    head = b"OggS" + struct.pack("<BBqII", 0, 2 * begins + 4 * ends_all, granule, 7, number)
    body = bytes([len(lacing)]) + lacing + b"".join(parts)
    return head + struct.pack("<I", _checksum(head + bytes(4) + body)) + body


def _checksum(page: bytes) -> int:
    """Ogg's CRC: the polynomial of zlib's, read the other way round and begun with 0."""
    found = 0
    for byte in page:
        found ^= byte << 24
        for _bit in range(8):
            found = (found << 1 ^ (0x04C11DB7 if found & 0x80000000 else 0)) & 0xFFFFFFFF
    return found


if __name__ == "__main__":
    spoken = sound()
    FILE.write_bytes(ogg(packets(spoken), len(spoken)))
    print(f"{FILE}: {FILE.stat().st_size:,} bytes, {len(spoken) / RATE:.1f} s")
