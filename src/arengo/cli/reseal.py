# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault key retired: all that it sealed is sealed again under the first key, and counted, while the service runs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from . import keys
from .archive import nothing_runs
from .doctor import migrations
from .folder import alone
from .prepared import check_settings, disconnect, prepared
from .words import Refused, _, say

if TYPE_CHECKING:
    from arengo.core.resealing import Progress

_SHOWN_EVERY = 2.0  # seconds
_ROUNDS = 3


def reseal(*, new_key: bool, lookups: bool) -> int:
    """0 when no other key than the first opens anything; 1 when something is left, with a line that says what."""
    with prepared(new_key=new_key) as data:
        if new_key:
            say(_("La chiave nuova è davanti alle altre in %(file)s.") % {"file": data / keys.FILE})
        check_settings()
        from django.db import DatabaseError

        from arengo.core.vault import VaultError

        try:
            from arengo.core.health import living

            pending = migrations()
            if pending.remedy:
                raise Refused(f"{pending.what}: {pending.remedy}")
            if new_key and living():
                say(_("Arengo è in funzione: riavviarlo, poi eseguire «arengo reseal»."))
                return 0
            if lookups:
                with alone(data):
                    from arengo.core import lookup_keys
                    from arengo.core.resealing import NAME, keys_in_use

                    disconnect()
                    nothing_runs(apart_from=NAME)
                    _seal_again()
                    disconnect()
                    say(_("Cambio le impronte con cui i numeri vengono ritrovati…"))
                    rows = lookup_keys.renew(lambda: nothing_runs(apart_from=NAME))
                    say(_("Impronte cambiate: %(rows)d righe.") % {"rows": rows})
                    return _report(data, keys_in_use())
            return _running(data)
        except VaultError as error:
            raise Refused(str(error)) from error
        except (psycopg.Error, DatabaseError) as error:
            words = _("la banca dati non risponde (%(reason)s): ripetere, il lavoro riprende da dov'era")
            raise Refused(words % {"reason": str(error).splitlines()[0]}) from error


def _running(data: Path) -> int:
    """Again while something is left: a page that was open meanwhile may have put an old value back."""
    from arengo.core.resealing import keys_in_use

    for _round in range(_ROUNDS):
        _processes_know_the_key()
        _seal_again()
        in_use = keys_in_use()
        if not _left(in_use):
            break
    return _report(data, in_use)


def _processes_know_the_key() -> None:
    """Refused while a process of the service would not open, or would go on not to use, what the first key seals."""
    from django.conf import settings

    from arengo.core.health import VAULT_KEYS, living
    from arengo.core.vault import key_marks

    first = key_marks(settings.ARENGO_VAULT_KEYS)[0]
    for process in living():
        if process.detail.get(VAULT_KEYS, [])[:1] != [first]:
            words = _(
                "il processo %(process)s (%(kind)s) non cifra ancora con la chiave %(id)s: riavviare Arengo con "
                "questa chiave davanti alle altre, poi ripetere"
            )
            values = {"process": process.name, "kind": process.kind, "id": first.partition(":")[0]}
            raise Refused(words % values)


def _seal_again() -> None:
    from arengo.core import resealing

    shown_at = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= _SHOWN_EVERY:
            shown_at = time.monotonic()
            say(_line(progress))

    try:
        done = resealing.reseal(show)
    except resealing.Running as error:
        raise Refused(_("un altro «arengo reseal» è già all'opera: aspettare che finisca")) from error
    for progress in done:
        if progress.resealed or progress.unopened:
            say(_line(progress))


def _line(progress: Progress) -> str:
    words = _("%(table)s: %(looked_at)d righe viste, %(resealed)d cifrate di nuovo")
    line = words % {
        "table": progress.table,
        "looked_at": progress.looked_at,
        "resealed": progress.resealed,
    }
    if progress.unopened:
        line += _(", %(count)d che nessuna chiave apre") % {"count": progress.unopened}
    return line


def _key_ids() -> list[str]:
    from django.conf import settings

    from arengo.core.vault import parse_keys

    return [key_id for key_id, _key in parse_keys(settings.ARENGO_VAULT_KEYS)]


def _left(in_use: Mapping[str, Counter[str]]) -> list[str]:
    """Older keys of ours that still open something."""
    return [key_id for key_id in _key_ids()[1:] if key_id in in_use]


def _report(data: Path, in_use: Mapping[str, Counter[str]]) -> int:
    from arengo.core.lookup_keys import known_to

    first, *others = _key_ids()
    say(
        _("La chiave %(id)s cifra: %(count)d valori.")
        % {"id": first, "count": in_use.get(first, Counter()).total()}
    )
    left = [key_id for key_id in in_use if key_id != first]
    for key_id in left:
        where = ", ".join(f"{place} {count}" for place, count in sorted(in_use[key_id].items()))
        words = (
            _("La chiave %(id)s apre ancora qualcosa (%(where)s): eseguire di nuovo «arengo reseal».")
            if key_id in others
            else _("Manca la chiave %(id)s, che serve per aprire %(where)s: rimetterla in ARENGO_VAULT_KEYS.")
        )
        say(words % {"id": key_id, "where": where})
    retired = [key_id for key_id in others if key_id not in in_use]
    for key_id in retired:
        say(
            _("La chiave %(id)s non apre più nulla: si può togliere da %(place)s.")
            % {"id": key_id, "place": keys.place(data)}
        )
    if retired:
        say(
            _(
                "I backup di prima si aprono ancora con le chiavi di prima: conservarle finché servono, oppure distruggerli."
            )
        )
    knowing = [key_id for key_id in known_to() if key_id != first]
    if knowing:
        words = _(
            "Con %(ids)s e un backup di allora si riconosce ancora un numero dalla sua impronta. "
            "Se una chiave è trapelata: fermare Arengo ed eseguire «arengo reseal --lookups»."
        )
        say(words % {"ids": ", ".join(knowing)})
    return 1 if left else 0
