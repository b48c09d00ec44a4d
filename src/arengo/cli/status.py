# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the whole installation is doing now, for a person to read or for a program (``--json``). Each room tells its own part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from arengo.config import environment

from .doctor import migrations
from .prepared import prepared
from .words import Refused, _, say

if TYPE_CHECKING:
    from arengo.core.console.conditions import Snapshot
    from arengo.core.console.reports import Text
    from arengo.core.console.troubles import Trouble


def report(*, as_json: bool) -> int:
    """Print it. 0 when nobody needs to do anything, else 1; Refused when it cannot be known."""
    with prepared():
        from django.db import DatabaseError
        from django.utils import translation

        try:
            pending = migrations()
            if pending.remedy:
                raise Refused(f"{pending.what}: {pending.remedy}")
            with translation.override(environment.value("ARENGO_LANGUAGE")[:2]):
                import msgspec

                from arengo.core.console import conditions
                from arengo.core.console.troubles import troubles
                from arengo.core.scope import every_organization

                with every_organization("who runs the installation looks at all of it"):
                    snapshot = conditions.read()
                found = troubles(snapshot)
                if as_json:
                    say(msgspec.json.format(msgspec.json.encode(as_data(snapshot, found)).decode(), indent=2))
                else:
                    for line in as_text(snapshot, found):
                        say(line)
                return 1 if any(trouble.person for trouble in found) else 0
        except DatabaseError as error:
            words = _("la banca dati non risponde (%(reason)s): controllare DATABASE_URL")
            raise Refused(words % {"reason": str(error).splitlines()[0]}) from error


# --- for a program ---


def as_data(snapshot: Snapshot, found: Sequence[Trouble]) -> dict[str, Any]:
    """Plain values; the names stay as they are from version to version."""
    from arengo.core.console.reports import reports

    described: dict[str, Any] = {
        "at": snapshot.at,
        "ok": not any(trouble.person for trouble in found),
        "troubles": [
            {
                "kind": trouble.kind,
                "needs_a_person": trouble.person,
                "title": trouble.title,
                "remedy": trouble.remedy,
                "sender": trouble.sender_id,
            }
            for trouble in found
        ],
    }
    for report in reports():
        described |= report.data(snapshot)
    return described


# --- for a person ---


def as_text(snapshot: Snapshot, found: Sequence[Trouble]) -> list[str]:
    from django.utils import timezone

    from arengo.core.console.reports import reports

    texts = [report.text(snapshot) for report in reports()]
    clock = {"clock": f"{timezone.localtime(snapshot.at):%H:%M:%S}"}
    lines = [_("Arengo, stato alle %(clock)s") % clock, "", *_tables(texts)]
    lines += [*_columns([line for text in texts for line in text.lines]), ""]
    wrong = [trouble for trouble in found if trouble.person]
    lines.append(_("Da sistemare: %(count)d") % {"count": len(wrong)} if wrong else _("Tutto a posto."))
    for trouble in found:
        lines += [f"  {'NO' if trouble.person else '··'}  {trouble.title}", f"      {trouble.remedy}"]
    return lines


def _tables(texts: Iterable[Text]) -> list[str]:
    """Each with an empty line after it."""
    lines: list[str] = []
    for text in texts:
        if text.table is not None:
            lines += [*_columns(text.table.rows, text.table.figures), ""]
        elif text.empty:
            lines += [text.empty, ""]
    return lines


def _columns(rows: Sequence[Sequence[str]], figures: frozenset[int] = frozenset()) -> list[str]:
    """Columns as wide as their longest word; those of ``figures`` to the right, all else to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(widths[column]) if column in figures else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
