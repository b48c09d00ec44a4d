# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a picture is not taken, in words for people, in the language of the moment."""

from __future__ import annotations

from django.utils.formats import number_format

from arengo.core.sentences import gettext as _, joined


class PictureRefused(ValueError):
    """It will never be drawn as it is. ``what`` is wrong is of use to everybody, ``advice`` to who chose the file."""

    @property
    def what(self) -> str:
        raise NotImplementedError

    @property
    def advice(self) -> str:
        raise NotImplementedError

    @property
    def words(self) -> str:
        return joined([self.what, self.advice])


class NotAPicture(PictureRefused):
    """Its first bytes are of no format that is opened."""

    @property
    def what(self) -> str:
        return _("Il file non è un’immagine che si può aprire.")

    @property
    def advice(self) -> str:
        return _(
            "Qui serve una foto JPEG o PNG; vanno bene anche HEIC, WebP, AVIF, GIF, TIFF e BMP. I file SVG non sono accettati."
        )


class DamagedPicture(PictureRefused):
    """Cut off, or its bytes are not what its format says."""

    @property
    def what(self) -> str:
        return _("L’immagine è rovinata o incompleta.")

    @property
    def advice(self) -> str:
        return _("Aprila, salvala di nuovo come JPEG o PNG e riprova.")


class PictureTooLarge(PictureRefused):
    """It would unfold to more than the budget. ``width`` and ``height`` in pixels, 0 where its header was not read."""

    def __init__(self, width: int = 0, height: int = 0) -> None:
        super().__init__("too many pixels")
        self.width = width
        self.height = height

    @property
    def what(self) -> str:
        if not self.width or not self.height:
            return _("L’immagine ha troppi punti.")
        return _("L’immagine ha troppi punti (%(size)s).") % {"size": _size(self.width, self.height)}

    @property
    def advice(self) -> str:
        return _("Salvala più piccola e riprova.")


class PictureTooHeavy(PictureRefused):
    """The file itself has more bytes than are read, or could not be written as small as it must be."""

    @property
    def what(self) -> str:
        return _("L’immagine è troppo pesante.")

    @property
    def advice(self) -> str:
        return _("Salvala più piccola e riprova.")


class DecoderFailed(PictureRefused):
    """The decoder crashed, or came to the end of its time or memory."""

    @property
    def what(self) -> str:
        return _("Non siamo riusciti ad aprire l’immagine.")

    @property
    def advice(self) -> str:
        return _("Salvala di nuovo come JPEG o PNG e riprova.")


class TooNarrow(PictureRefused):
    """So long and narrow that a phone shows nothing readable of it."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__("too narrow")
        self.width = width
        self.height = height

    @property
    def what(self) -> str:
        return _("L’immagine è troppo lunga e stretta (%(size)s): sul telefono non si leggerebbe.") % {
            "size": _size(self.width, self.height)
        }

    @property
    def advice(self) -> str:
        return _("Tagliala in più parti.")


class SeveralPages(PictureRefused):
    """Only the first would be seen."""

    @property
    def what(self) -> str:
        return _("Il file ha più pagine e si vedrebbe solo la prima.")

    @property
    def advice(self) -> str:
        return _("Scegli un’immagine sola.")


class TooManyPages(PictureRefused):
    """More than are drawn."""

    @property
    def what(self) -> str:
        return _("Il file ha troppe pagine.")

    @property
    def advice(self) -> str:
        return _("Salvalo come PDF, o in più file.")


class Animated(PictureRefused):
    """Only its first frame would be seen."""

    @property
    def what(self) -> str:
        return _("L’immagine è animata e si vedrebbe ferma.")

    @property
    def advice(self) -> str:
        return _("Salva come JPEG o PNG il fotogramma che vuoi mostrare.")


class PictureBusy(Exception):
    """Other pictures are being opened: the same again in a moment. Jobs try again, people are asked to."""

    @property
    def words(self) -> str:
        return _("Altre immagini sono in lavorazione: riprova fra qualche secondo.")


def _size(width: int, height: int) -> str:
    return f"{number_format(width, force_grouping=True)} × {number_format(height, force_grouping=True)}"
