# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``python -m bench [row …] [--quick]``: measures, prints the table, writes bench/results.json.

``--quick`` takes smaller numbers, to see that all works; it writes nothing.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from types import FrameType

from bench.processes import ROOT, Failed

sys.path.insert(0, str(ROOT / "src"))

from bench.figures import BARS, Figure, judged, keep, line, table
from bench.installation import Installation


class Interrupted(BaseException):
    """A signal: end everything, then ourselves."""


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(number)


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("rows", nargs="*", metavar="row", help="only these, e.g. fanout.durable (or fanout)")
    parser.add_argument("--quick", action="store_true", help="smaller numbers; nothing is written")
    parser.add_argument("--list", action="store_true", help="the names of the rows")
    return parser.parse_args()


def main() -> None:
    chosen = _chosen()
    if chosen.list:
        print("\n".join(BARS))
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    installation = Installation()
    try:
        installation.begin()
        sys.exit(_measure(installation, chosen.rows, quick=chosen.quick))
    except Interrupted as signalled:
        sys.exit(128 + int(signalled.args[0]))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the end is not interrupted
        installation.end()


def _measure(installation: Installation, wanted: list[str], *, quick: bool) -> int:
    """All chosen rows. 0 when every bar was reached, 1 when one was not, 2 when one could not be measured."""
    from bench.rows import ROWS, Row
    from bench.run import Run

    rows: dict[str, Row] = {}
    for name, row in ROWS.items():
        if (not wanted or _named(name, wanted)) and row not in rows.values():
            rows[name] = row
    if not rows:
        print(f"no such row; there are: {', '.join(ROWS)}", file=sys.stderr)
        return 2
    run = Run(installation, quick=quick)
    found: list[Figure] = []
    broken = False
    began = time.monotonic()
    for name, row in rows.items():
        print(f"{name}{' (quick: smaller numbers)' if quick else ''}", flush=True)
        try:
            figures = row(run)
        except Exception as error:  # noqa: BLE001  # one row that cannot be measured does not keep the others from it
            broken = True
            if not isinstance(error, Failed):
                traceback.print_exc()
            print(f"  could not be measured: {error}", flush=True)
            run.processes.end_all()
            run = Run(installation, quick=quick)
            continue
        found += figures
        for each in figures:
            print(line(each), flush=True)
    print(
        f"\n{table(found)}\n\n{time.monotonic() - began:.0f} s{', quick: not for comparison' if quick else ''}"
    )
    if found and not quick and not os.environ.get("BENCH_DRY"):
        keep(found, list(BARS))
    missed = any(judged(each)[1].startswith("NOT") for each in found)
    return 2 if broken else int(missed)


def _named(name: str, wanted: list[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") or each.startswith(f"{name}.") for each in wanted)


if __name__ == "__main__":
    main()
