# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The short-lived process that decodes one picture. ``opening`` starts it as ``python -I decoder.py TASK``.

In: the picture on standard input; the task as JSON (:class:`Task`). Out: one line of JSON, then the drawn pictures one after
the other. It imports nothing of Arengo and of Django, knows no secret, and limits itself before it imports a decoder.
A picture that cannot be drawn is an answer (``refused``) too; what kills the process is understood by ``opening``.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
import warnings
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

_PLUGINS = {
    "JPEG": "PIL.JpegImagePlugin",
    "PNG": "PIL.PngImagePlugin",
    "WEBP": "PIL.WebPImagePlugin",
    "GIF": "PIL.GifImagePlugin",
    "BMP": "PIL.BmpImagePlugin",
    "TIFF": "PIL.TiffImagePlugin",
    "AVIF": "PIL.AvifImagePlugin",
    "HEIF": "pillow_heif",
}
# Bytes of one pixel: Pillow keeps RGB in four. These two count double: their decoders hold canvas, answer and image at once.
_NARROW = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
_COPIES = {"WEBP": 2, "AVIF": 2}
_MOST_JPEG_PIXELS = (
    400_000_000  # also when decoded at an eighth each block is read: twice the largest sensor of a phone
)
_MOST_PROFILE_BYTES = 4 * 1024 * 1024  # an ICC profile for print has 0.5–2 MB
_STRIP = 4_000_000  # pixels that are converted at a time
_MOST_AT_ONCE = 100 * 1024 * 1024  # bytes of a converted picture that may wait for the fine filter
_ORIENTATION = 0x0112  # EXIF
_SUBFILE = 254  # TIFF: bit 0 says that the page is only a smaller version of another
_MOST_LOOKED_AT = 20  # pages of a TIFF, to find a second one that counts
_SMALLER = (1.0, 0.75, 0.5, 0.375, 0.25, 0.125)


class Limits(TypedDict):
    memory: int  # bytes of address space
    cpu: int  # seconds
    wall: int  # seconds
    output: int  # bytes
    decoded: int  # bytes of pixels


class Rendition(TypedDict):
    side: int  # pixels, the longer one
    most_bytes: int
    form: str  # JPEG | PNG | ANY: PNG only where it is partly transparent
    quality: int
    progressive: bool


class Task(TypedDict):
    form: str  # as Pillow calls it
    limits: Limits
    renditions: list[Rendition]


class Refused(Exception):
    """``why``: too_large | too_heavy. With the size that its header tells, in pixels, where known."""

    def __init__(self, why: str, size: tuple[int, int] = (0, 0)) -> None:
        super().__init__(why)
        self.why = why
        self.size = size


def main() -> None:
    task: Task = json.loads(sys.argv[1])
    confine(task["limits"])
    drawn: list[bytes] = []
    try:
        answer, drawn = draw(sys.stdin.buffer.read(), task)
    except Refused as refused:
        answer = {"refused": refused.why, "width": refused.size[0], "height": refused.size[1]}
    except MemoryError:
        answer = {"refused": "too_large"}
    except Exception as error:  # noqa: BLE001  # decoders raise anything at bad bytes
        bomb = type(error).__name__ == "DecompressionBombError"
        answer = {"refused": "too_large" if bomb else "damaged"}
    out = sys.stdout.buffer
    out.write(json.dumps(answer).encode() + b"\n")
    out.writelines(drawn)
    out.flush()
    os._exit(0)  # nothing to tidy up: the decoders' own clean-up is one more chance to crash


def confine(limits: Limits) -> None:
    """From here on: no more memory, time and output than this, no file, no core dump; an end even without a parent."""
    signal.alarm(limits["wall"])
    for name, most in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_CPU", limits["cpu"]),
        ("RLIMIT_FSIZE", limits["output"]),
        ("RLIMIT_AS", limits["memory"]),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (ValueError, OSError):  # macOS knows no limit of memory; the others hold there too
            continue


def draw(content: bytes, task: Task) -> tuple[dict[str, Any], list[bytes]]:
    """The answer, and the contents that belong to it. The header is judged before a pixel is decoded."""
    warnings.simplefilter("ignore")
    image = opened(content, task)
    size = image.size
    several = has_several(image)
    side = max(rendition["side"] for rendition in task["renditions"])
    draft(image, side)
    must_fit(image, size, task["limits"]["decoded"])
    image.load()
    orientation = orientation_of(image)
    profile = image.info.get("icc_profile")
    plain = upright(in_srgb(reduced(image, side), profile), orientation)
    answers, contents = [], []
    for rendition in task["renditions"]:
        small, drawn, mime_type = written(plain, rendition)
        contents.append(drawn)
        answers.append({"mime_type": mime_type, "width": small[0], "height": small[1], "length": len(drawn)})
    width, height = size if orientation < 5 else size[::-1]
    return {"width": width, "height": height, "several": several, "drawn": answers}, contents


# --- the header ------------------------------------------------------------------------------------------------


def opened(content: bytes, task: Task) -> PillowImage:
    from importlib import import_module

    from PIL import Image

    form = task["form"]
    plugin: Any = import_module(_PLUGINS[form])
    if form == "HEIF":
        plugin.options.DEPTH_IMAGES = plugin.options.AUX_IMAGES = False
        plugin.register_heif_opener(thumbnails=False, decode_threads=1)
    elif form == "AVIF":
        plugin.DEFAULT_MAX_THREADS = 1
    # Pillow asks this of WebP before its decoder makes a canvas; it raises at twice the number. All else: must_fit().
    canvas = task["limits"]["decoded"] // 4 // _COPIES["WEBP"]
    Image.MAX_IMAGE_PIXELS = canvas // 2 if form == "WEBP" else None
    return Image.open(io.BytesIO(content), formats=(form,))


def has_several(image: PillowImage) -> bool:
    """Whether it has pages or moves. What cannot be read of a second one is none."""
    try:
        if image.format != "TIFF":
            # Of a JPEG that is an MPO the others are no pages: the second eye, or the brightness for other screens.
            return image.format not in ("JPEG", "MPO") and bool(getattr(image, "is_animated", False))
        return _has_pages(image)
    except Exception:  # noqa: BLE001  # decoders raise anything at bad bytes
        return False


def _has_pages(image: PillowImage) -> bool:
    try:
        for number in range(1, _MOST_LOOKED_AT):
            image.seek(number)
            if not int(image.tag_v2.get(_SUBFILE, 0)) & 1:  # type: ignore[attr-defined]  # of TIFF
                return True
    except EOFError:
        pass
    finally:
        image.seek(0)
    return False


def draft(image: PillowImage, side: int) -> None:
    """JPEG alone can be decoded at a half, a quarter or an eighth; never smaller than wanted."""
    longest = max(image.size)
    if image.format in ("JPEG", "MPO") and longest > side:
        width, height = (max(1, -(-edge * side // longest)) for edge in image.size)
        image.draft(image.mode, (width, height))


def must_fit(image: PillowImage, size: tuple[int, int], budget: int) -> None:
    """By the header alone. ``size`` is the original's, in pixels: a draft is smaller."""
    pixels = size[0] * size[1]
    each = _NARROW.get(image.mode, 4) * _COPIES.get(image.format or "", 1)
    needed = image.width * image.height * each
    if image.format in ("JPEG", "MPO"):
        if pixels > _MOST_JPEG_PIXELS:
            raise Refused("too_large", size)
        if image.info.get("progressive"):
            needed += int(pixels * 2 * _samples(image))
    if needed > budget or not pixels:
        raise Refused("too_large", size)


def _samples(image: PillowImage) -> float:
    """Numbers a pixel of a JPEG: 1.5 where colours have half the points. All are in memory where it is progressive."""
    layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
    finest = max((across * down for _name, across, down, _table in layers), default=0)
    return sum(across * down for _name, across, down, _table in layers) / finest if finest else 4.0


# --- the pixels ------------------------------------------------------------------------------------------------


def reduced(image: PillowImage, side: int) -> PillowImage:
    """L, RGB, RGBA, CMYK or LAB, no longer than ``side``. Strip by strip: no second copy of the whole in another mode."""
    from PIL.Image import Resampling

    longest = max(image.size)
    # Halves of what is wanted are for the fine filter below; of a very large one too few would fit into the memory.
    factor = longest // side if image.width * image.height * 4 > _MOST_AT_ONCE else longest // (2 * side)
    clear = "transparency" in image.info  # beside the pixels
    is_plain = image.mode == "RGBA" or (image.mode in ("L", "RGB", "CMYK", "LAB") and not clear)
    plain = image if is_plain and factor <= 1 else _pasted(image, max(1, factor))
    longest = max(plain.size)
    if longest <= side:
        return plain
    width, height = (max(1, round(edge * side / longest)) for edge in plain.size)
    return plain.resize((width, height), Resampling.LANCZOS, reducing_gap=3.0)


def _pasted(image: PillowImage, factor: int) -> PillowImage:
    from PIL import Image

    scale = _grey_scale(image)
    whole: PillowImage | None = None
    rows = max(1, _STRIP // image.width // factor) * factor
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        small = _plain(strip, scale).reduce(factor)
        if whole is None:
            whole = Image.new(small.mode, (-(-image.width // factor), -(-image.height // factor)))
        whole.paste(small, (0, top // factor))
    assert whole is not None  # noqa: S101  # must_fit() refused what has no pixel
    return whole


def _grey_scale(image: PillowImage) -> tuple[float, float]:
    """By what to multiply, and what to add, so that more than 8 bits of grey become 8: Pillow would cut them off."""
    if image.mode.startswith("I;16"):
        return 1 / 257, 0.0
    if image.mode not in ("I", "F"):
        return 1.0, 0.0
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one band
    if image.mode == "I" and low >= 0 and high <= 65535:
        return 1 / 257, 0.0
    if image.mode == "F" and low >= 0 and high <= 1:
        return 255.0, 0.0
    spread = (high - low) or 1.0
    return 255 / spread, -low * 255 / spread


def _plain(strip: PillowImage, scale: tuple[float, float]) -> PillowImage:
    """In a mode that can be reduced and that an ICC profile may speak of."""
    if strip.mode.startswith("I;16"):
        strip = strip.convert("I")
    if strip.mode in ("I", "F"):
        by, plus = scale
        return strip.convert("F").point(lambda value: value * by + plus + 0.5).convert("L")  # "L" cuts off
    if strip.has_transparency_data:
        return strip.convert("RGBA")
    if strip.mode == "1":
        return strip.convert("L")
    return strip if strip.mode in ("L", "RGB", "CMYK", "LAB") else strip.convert("RGB")


def in_srgb(image: PillowImage, profile: object) -> PillowImage:
    """RGB or RGBA in sRGB, by the picture's own ICC profile where it has a usable one."""
    from PIL import ImageCms

    if image.mode == "RGBA":
        colours = in_srgb(image.convert("RGB"), profile)
        colours.putalpha(image.getchannel("A"))
        return colours
    try:
        if isinstance(profile, bytes) and 0 < len(profile) <= _MOST_PROFILE_BYTES:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        elif image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        else:
            return image.convert("RGB")
        space = source.profile.xcolor_space.strip()
        if space == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        if {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK", "LAB": "Lab"}[image.mode] == space:
            done = ImageCms.profileToProfile(
                image,
                source,
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
            return image.convert("RGB") if done is None else done
    except (ImageCms.PyCMSError, OSError, ValueError):
        pass  # a broken profile says nothing: as without
    return image.convert("RGB")


def orientation_of(image: PillowImage) -> int:
    """EXIF: 1 to 8, 5 and more lie on their side. Decoders that turn by themselves leave 1."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  # broken EXIF is none
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def upright(image: PillowImage, orientation: int) -> PillowImage:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


# --- what is written -------------------------------------------------------------------------------------------


def written(image: PillowImage, rendition: Rendition) -> tuple[tuple[int, int], bytes, str]:
    """Size, content and MIME type; smaller than asked for where it would be too heavy. Nothing but the pixels goes into it."""
    for share in _SMALLER:
        small = reduced(image, max(1, int(rendition["side"] * share)))
        small.info = {}
        drawn, mime_type = _encoded(small, rendition)
        if len(drawn) <= rendition["most_bytes"]:
            return small.size, drawn, mime_type
    raise Refused("too_heavy")


def _encoded(image: PillowImage, rendition: Rendition) -> tuple[bytes, str]:
    from PIL import Image

    out = io.BytesIO()
    clear = image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)
    if rendition["form"] == "PNG" or (clear and rendition["form"] == "ANY"):
        image.save(out, "PNG", optimize=max(image.size) <= 1024)
        return out.getvalue(), "image/png"
    if clear:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image.convert("RGB").save(
        out, "JPEG", quality=rendition["quality"], optimize=True, progressive=rendition["progressive"]
    )
    return out.getvalue(), "image/jpeg"


if __name__ == "__main__":
    main()
