# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The archive is written piece by piece: a table of all lines, the texts that they name, an index, and how to read it.

Nothing of it is ever whole in memory: what is packed goes into the database a megabyte at a time. Killed, it begins again.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from arengo.audience.basis_words import words as basis_words
from arengo.audience.inspections import rows
from arengo.audience.inspections.models import Inspection, Piece
from arengo.audience.models import Policy
from arengo.core.documents.pdf import Document, pdf
from arengo.core.models import Organization
from arengo.core.scope import organization_scope

_PIECE = 1024 * 1024  # bytes
_INDEX = Path(__file__).with_name("index.typ")


class _Gone(Exception):
    """It is no longer wanted: somebody's data were erased meanwhile."""


class _Pieces(io.RawIOBase):
    """Where the archive is written: it cannot be gone back in, and a full piece is stored at once."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__()
        self.inspection, self.waiting, self.position, self.size = inspection, bytearray(), 0, 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        piece = bytes(content)  # type: ignore[call-overload]  # bytes, or a view of them
        self.waiting += piece
        self.size += len(piece)
        while len(self.waiting) >= _PIECE:
            self.store(bytes(self.waiting[:_PIECE]))
            del self.waiting[:_PIECE]
        return len(piece)

    def store(self, content: bytes) -> None:
        with transaction.atomic():
            if not _held(self.inspection.pk):
                raise _Gone
            Piece.objects.create(
                organization_id=self.inspection.organization_id,
                inspection=self.inspection,
                position=self.position,
                content_sealed=Piece.sealed(content),
            )
        self.position += 1


def make(organization_id: int, pk: int) -> None:
    with organization_scope(organization_id):
        inspection = Inspection.objects.select_related("organization").filter(pk=pk).first()
        if inspection is None or inspection.state != Inspection.State.MAKING:
            return
        Piece.objects.filter(inspection=inspection).delete()
        with translation.override(inspection.organization.language):
            try:
                _write(inspection)
            except _Gone:
                Piece.objects.filter(inspection=inspection).delete()


def _held(pk: int) -> bool:
    """Whether it is still wanted; nobody changes that until the transaction ends."""
    making = Inspection.objects.select_for_update(no_key=True).filter(pk=pk, state=Inspection.State.MAKING)
    return making.exists()


def _write(inspection: Inspection) -> None:
    sink = _Pieces(inspection)
    counted: Counter[str] = Counter()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(_("prove.csv"), "w", force_zip64=True) as table:
            _table(inspection, table, counted)
        for policy in Policy.objects.order_by("kind", "version").iterator(chunk_size=10):
            name = _("testi/informativa") if policy.kind == Policy.Kind.PRIVACY else _("testi/regole")
            archive.writestr(f"{name}-{policy.version}.txt", policy.text)
        archive.writestr(_("indice.pdf"), pdf(_index(inspection.organization, counted)))
    if sink.waiting:
        sink.store(bytes(sink.waiting))
    with transaction.atomic():
        if not _held(inspection.pk):
            raise _Gone
        inspection.state, inspection.ready_at = Inspection.State.READY, timezone.now()
        inspection.size, inspection.done = sink.size, counted["lines"]
        inspection.save(update_fields=["state", "ready_at", "size", "done"])


def _table(inspection: Inspection, table: IO[bytes], counted: Counter[str]) -> None:
    table.write("\ufeff".encode())
    table.write(_lines([rows.heads()]))
    senders = rows.numbers()
    for page in rows.pages():
        told = rows.answers(page)
        table.write(_lines(rows.row(each, told.get(each.pk), senders) for each in page))
        counted["lines"] += len(page)
        counted["given"] += sum(each.action == "given" and each.effective for each in page)
        counted["withdrawn"] += sum(each.action == "withdrawn" and each.effective for each in page)
        if not Inspection.objects.filter(pk=inspection.pk, state=Inspection.State.MAKING).update(
            done=counted["lines"]
        ):
            raise _Gone


def _lines(values: Iterator[list[str]] | list[list[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(values)
    return written.getvalue().encode()


def _index(organization: Organization, counted: Counter[str]) -> Document:
    now = timezone.localtime()
    texts = Policy.objects.order_by("kind", "version")
    return Document(
        _("Prove delle iscrizioni agli avvisi"),
        _INDEX,
        {
            "organization": organization.name,
            "reached": [
                line for line in (organization.address, organization.pec or organization.email) if line
            ],
            "title": _("Prove delle iscrizioni agli avvisi"),
            "made": _("Archivio preparato il %(day)s alle %(clock)s")
            % {"day": date_format(now, "j F Y").lower(), "clock": date_format(now, "G:i")},
            "heads": [_("Che cosa"), _("Quante")],
            "rows": [
                [_("Registrazioni"), _many(counted["lines"])],
                [_("Iscrizioni"), _many(counted["given"])],
                [_("Cancellazioni"), _many(counted["withdrawn"])],
            ],
            "basis": [_("Base giuridica oggi"), str(basis_words().law)],
            "reading": [
                _(
                    "«prove.csv» ha una riga per registrazione, nell’ordine in cui sono arrivate. Il separatore è il punto e "
                    "virgola, la codifica UTF-8."
                ),
                _(
                    "Un apostrofo davanti a un testo serve a non farlo calcolare dal foglio elettronico: il cittadino non l’ha scritto."
                ),
                _(
                    "La cartella «testi» ha per intero ogni versione dell’informativa e delle regole: le colonne ne dicono il numero."
                ),
                _(
                    "Il registro si può solo accrescere: la banca dati rifiuta di cambiare o togliere una riga. Di chi ha fatto "
                    "eliminare i propri dati resta la riga, senza nome."
                ),
            ],
            "how": _("Come si legge"),
            "texts_title": _("Testi"),
            "texts": [
                _("%(kind)s, versione %(version)d, pubblicata il %(day)s")
                % {
                    "kind": each.get_kind_display(),
                    "version": each.version,
                    "day": date_format(timezone.localtime(each.published_at), "j F Y").lower(),
                }
                for each in texts
            ],
        },
        organization.language,
    )


def _many(count: int) -> str:
    return str(number_format(count, use_l10n=True, force_grouping=True))
