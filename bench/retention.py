# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``python -m bench.retention [--rows 50000000] [--folder …]``: does a year of deliveries slow the hot paths?

The same town in several databases of one PostgreSQL: with nothing behind it, and with a fiftieth, a fifth and all of the
rows. One after the other is measured, round after round; then what retention takes away in a minute, and what it costs
the others meanwhile. Filling 50 million takes some 20 minutes and 35 GB; the folder is kept and used again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import FrameType
from typing import Any

from bench.processes import ROOT

sys.path.insert(0, str(ROOT / "src"))

from bench.behind import Behind, Taken, sizes
from bench.figures import machine
from bench.years import Years

_RESULTS = ROOT / "bench" / "retention.json"
_README = ROOT / "bench" / "README.md"
_BEGIN, _END = "<!-- retention: begin -->", "<!-- retention: end -->"
_DAYS = 90
_ALONE = 30.0  # seconds for which retention is watched
_WORDS = {
    "fill": "a recipient of a new mailing, sealed and put into the outbox",
    "leave": "one who leaves the list while a mailing is under way",
    "claim": "claim of a delivery",
    "result": "result of a send",
    "receipt.sent": "receipt «sent» of the mailing under way",
    "receipt.delivered": "receipt «delivered» of it",
    "receipt.by_message": "receipt that names only the platform's message id",
    "receipt.old": "receipt of any delivery of the year",
    "journal.write": "webhook into the journal",
    "journal.read": "webhook read and applied",
    "page.reasons": "page: why some of a mailing failed",
    "page.cost": "page: what was sent this month",
    "page.status": "page: state of the numbers",
}

Rounds = list[dict[str, Taken]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.retention", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000_000, help="deliveries behind the largest town")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "arengo-bench-years")
    parser.add_argument("--dry", action="store_true", help="nothing is written to bench/")
    chosen = parser.parse_args()
    levels = [0, *sorted({_round(chosen.rows // part) for part in (50, 5, 1)} - {0})]
    os.nice(5)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    years = Years(chosen.folder)
    try:
        years.begin(levels)
        text, kept = _measure(years, levels, chosen.rounds)
    finally:
        years.end()
    print(text)
    if not chosen.dry:
        _RESULTS.write_text(json.dumps(kept, indent=2) + "\n")
        before, _, rest = _README.read_text().partition(_BEGIN)
        _README.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{rest.partition(_END)[2]}")


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _round(rows: int) -> int:
    return rows // 100_000 * 100_000


def _measure(years: Years, levels: list[int], rounds: int) -> tuple[str, dict[str, Any]]:
    found: dict[int, Rounds] = {level: [] for level in levels}
    for number in range(rounds):
        for level in levels:
            found[level].append(_once(years, level))
        print(f"  round {number + 1} of {rounds}", flush=True)
    most = levels[-1]
    bytes_each: dict[str, dict[int, float]] = {}
    for level in levels[1:]:
        with years.connect(level) as database:
            for name, size, rows in sizes(database):
                bytes_each.setdefault(name, {})[level] = size / max(rows, 1)
    calm, disturbed, speeds = _forgetting(years, most, rounds)
    text = "\n\n".join(
        (
            _paths(levels, found),
            _cost(calm, disturbed),
            _sizes(levels[1:], bytes_each),
            *(f"{name}: {speed:,.0f} rows a second." for name, speed in speeds.items()),
            f"Machine: {machine()}.",
        )
    )
    return text, {
        "machine": machine(),
        "milliseconds": {
            name: {str(level): round(_each(found[level], name), 4) for level in levels} for name in _WORDS
        },
        "log_bytes": {
            name: {str(level): round(_log(found[level], name)) for level in levels} for name in _WORDS
        },
        "bytes": {
            name: {str(level): round(size, 1) for level, size in found.items()}
            for name, found in bytes_each.items()
        },
        "forgotten_a_second": {name: round(speed) for name, speed in speeds.items()},
        "while_forgetting": {
            name: round(_each(disturbed, name) / _each(calm, name), 2) for name in _WORDS if _each(calm, name)
        },
    }


def _once(years: Years, level: int) -> dict[str, Taken]:
    town = years.enter(level)
    with years.connect(level) as database:
        return Behind(town, database).run()


# --- what retention does, and costs ---


def _forgetting(years: Years, level: int, rounds: int) -> tuple[Rounds, Rounds, dict[str, float]]:
    """Rounds without and with it running beside, in turn; and its speed when nothing else happens."""
    from arengo.delivery import retention as deliveries
    from arengo.intake import retention as webhooks

    calm: Rounds = []
    disturbed: Rounds = []
    for _ in range(rounds):
        calm.append(_once(years, level))
        with _beside(deliveries.forget_old(deliveries.Times(_DAYS))):
            disturbed.append(_once(years, level))
    speeds = {}
    for name, table, work in (
        ("Deliveries forgotten, alone", "delivery_delivery", deliveries.forget_old(deliveries.Times(_DAYS))),
        ("Webhooks forgotten, alone", "intake_journal", webhooks.forget_old(days=14)),
    ):
        with years.connect(level) as database:
            before, began = _deleted(database, table), time.monotonic()
            with _beside(work) as thread:
                thread.join(_ALONE)
            took = time.monotonic() - began
            speeds[name] = (_deleted(database, table) - before) / took
    return calm, disturbed, speeds


@contextmanager
def _beside(work: Any) -> Iterator[threading.Thread]:
    loop = asyncio.new_event_loop()
    task = loop.create_task(work)

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass
        finally:
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _deleted(database: Any, table: str) -> int:
    time.sleep(1.5)  # PostgreSQL's own books are a second behind
    return int(
        database.execute("SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = %s", [table]).fetchall()[
            0
        ][0]
    )


# --- tables ---


def _each(rounds: Rounds, name: str) -> float:
    """Milliseconds, the median of the rounds."""
    return median(one[name].seconds / max(one[name].count, 1) * 1000 for one in rounds)


def _log(rounds: Rounds, name: str) -> float:
    return median(one[name].log_bytes / max(one[name].count, 1) for one in rounds)


def _paths(levels: list[int], found: dict[int, Rounds]) -> str:
    """Times a piece; in brackets against the town with nothing behind it, as the median of the rounds' own ratios."""
    heads = [f"{level / 1e6:g} M" if level else "nothing" for level in levels]
    lines = [
        f"| milliseconds each, with behind it: | {' | '.join(heads)} | log, bytes each |",
        f"|---|{'--:|' * len(levels)}--:|",
    ]
    for name, words in _WORDS.items():
        cells = []
        for level in levels:
            ratio = median(
                (one[name].seconds / max(one[name].count, 1))
                / (none[name].seconds / max(none[name].count, 1))
                for one, none in zip(found[level], found[levels[0]], strict=True)
            )
            cells.append(f"{_each(found[level], name):.3g}" + (f" ({ratio:.2f} ×)" if level else ""))
        log = f"{_log(found[levels[0]], name):,.0f} → {_log(found[levels[-1]], name):,.0f}"
        lines.append(f"| {words} | {' | '.join(cells)} | {log} |")
    return "\n".join(lines)


def _cost(calm: Rounds, disturbed: Rounds) -> str:
    lines = ["| while retention works beside | without, ms | with, ms | |", "|---|--:|--:|--:|"]
    for name, words in _WORDS.items():
        ratio = median(
            beside[name].seconds / alone[name].seconds for alone, beside in zip(calm, disturbed, strict=True)
        )
        lines.append(f"| {words} | {_each(calm, name):.3g} | {_each(disturbed, name):.3g} | {ratio:.2f} × |")
    return "\n".join(lines)


def _sizes(levels: list[int], found: dict[str, dict[int, float]]) -> str:
    lines = [
        f"| bytes a row on disk, with | {' | '.join(f'{level / 1e6:g} M' for level in levels)} |",
        f"|---|{'--:|' * len(levels)}",
    ]
    lines += [
        f"| `{name}` | {' | '.join(f'{each.get(level, 0):.1f}' for level in levels)} |"
        for name, each in found.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
