# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A figure, the bar that it must reach, and how both are shown and kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.cores import arengos

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
README = HERE / "README.md"
_BEGIN, _END = "<!-- table: begin -->", "<!-- table: end -->"


@dataclass(frozen=True)
class Figure:
    """One row of the table and of results.json."""

    name: str
    value: float
    unit: str
    against: str
    against_value: float
    ratio: float  # value / against_value
    machine: str = ""


@dataclass(frozen=True)
class Bar:
    words: str
    reached: Callable[[Figure], bool]


def _least(ratio: float, words: str = "") -> Bar:
    return Bar(words or f"≥ {ratio:g} ×", lambda figure: figure.ratio >= ratio)


def _most(ratio: float, words: str = "") -> Bar:
    return Bar(words or f"≤ {ratio:g} ×", lambda figure: figure.ratio <= ratio)


NONE = Bar("–", lambda figure: True)
BARS: dict[str, Bar] = {
    "fanout.durable": _least(0.6),
    "fanout.vs_pywa": _least(3),
    "fanout.vs_pywa.latency": _least(10),
    "fanout.vs_celery": _least(5),
    "fanout.ceiling": _least(0.95, "≥ 950/s"),
    "fanout.ceiling.receipts": _most(1, "≤ 5 s behind"),
    "fanout.growth": _most(1.15, "≤ 1.15 ×"),
    "fanout.growth.memory": _most(1, "≤ 300 MB"),
    "fanout.growth.memory_flat": _most(1.15, "flat: ≤ 1.15 ×"),
    "fanout.growth.disk": NONE,
    "fanout.growth.fill": NONE,
    "intake.ack": _least(0.8),
    "intake.ack.p99": _most(1, "≤ 250 ms"),
    "intake.applied": _least(1, "≥ 3,000/s"),
    "intake.applied.batched": _least(1, "≥ 20,000/s"),
    "intake.joins": _least(0.5),
    "intake.joins.rate": _least(1, "≥ 500/s"),
    "intake.joins.question": _most(1, "≤ 1 s"),
    "intake.joins.growth": _most(1.3, "linear: ≤ 1.3 ×"),
    "alert.overtakes": _most(1, "≤ 1 s"),
    "alert.overtakes.pace": _least(0.95, "≥ 0.95 of the pace"),
    "desk.under_load": _most(1, "p95 ≤ 200 ms"),
    "desk.under_load.message": _most(1, "≤ 500 ms"),
    "desk.inbox": _most(1, "p95 ≤ 60 ms"),
    "desk.inbox.queries": _most(1, "≤ 12 queries"),
    "desk.inbox.database": _most(3),
    "desk.search": _most(1, "p95 ≤ 200 ms"),
    "desk.search.database": _most(3),
    "desk.conversation": _most(1, "p95 ≤ 100 ms"),
    "desk.conversation.database": _most(3),
    "desk.fifty_screens": _most(1, "p95 ≤ 500 ms"),
    "desk.fifty_screens.asked": _most(1, "≤ one a screen and minute"),
    "list.pages": _most(1, "p95 ≤ 150 ms"),
    "list.search": _most(1, "p95 ≤ 100 ms"),
    "list.export": _most(1, "≤ 30 s"),
    "list.export.memory": _most(1, "flat: ≤ 60 MB"),
    "list.import": _most(1, "≤ 10 s"),
    "list.import.bare": NONE,
    "list.resumed": _most(1, "≤ 10 min"),
    "list.resumed.browser": _most(1, "≤ 2 s"),
    "list.erase": _most(1, "≤ 10 s"),
    "town.80": _most(1.03),
    "town.1000": _most(1.03),
    "web.streams": _most(2, "p95 ≤ 2 × quiet"),
    "web.streams.memory": _most(1, "≤ 100 kB"),
    "web.streams.after": _most(0, "as before"),
    "portal.readers": _least(0.5),
    "desk.with_readers": _most(2, "p95 ≤ 2 × quiet"),
    "desk.with_readers.apart": _most(3, "p95 ≤ 3 × quiet"),
}


def figure(name: str, value: float, unit: str, against: str, against_value: float) -> Figure:
    ratio = value / against_value if against_value else 0.0
    return Figure(name, _short(value), unit, against, _short(against_value), round(ratio, 3), machine())


def _short(value: float) -> float:
    return round(value, 0 if abs(value) >= 1000 else 3 if abs(value) < 10 else 1)


def machine() -> str:
    """What these figures are of."""
    from importlib.metadata import version

    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(arengos() or os.sched_getaffinity(0))} × {model}, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, aiohttp {version('aiohttp')}"
    )


def judged(found: Figure) -> tuple[str, str]:
    """The bar in words, and whether it is reached."""
    bar = BARS[found.name]
    if bar is NONE:
        return bar.words, ""
    return bar.words, "ok" if bar.reached(found) else "NOT reached"


def table(figures: list[Figure]) -> str:
    """As Markdown."""
    lines = ["| row | value | against | | ratio | bar | |", "|---|--:|---|--:|--:|---|---|"]
    for each in figures:
        words, verdict = judged(each)
        lines.append(
            f"| `{each.name}` | {_number(each.value)} {each.unit} | {each.against} | {_number(each.against_value)} "
            f"| {each.ratio:.2f} | {words} | {verdict} |"
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def line(each: Figure) -> str:
    """For the terminal, as soon as it is known."""
    words, verdict = judged(each)
    value = f"{_number(each.value)} {each.unit}"
    other = f"{each.against}: {_number(each.against_value)}"
    return f"  {each.name:<26}{value:>22}   {other:<58} ratio {each.ratio:>7.2f}   bar {words:<20} {verdict}"


def keep(fresh: list[Figure], order: list[str]) -> list[Figure]:
    """Put the new figures into results.json beside those of other rows, and the table into the README."""
    old = [Figure(**each) for each in json.loads(RESULTS.read_text())] if RESULTS.exists() else []
    known = {each.name: each for each in [*old, *fresh] if each.name in order}
    kept = [known[name] for name in order if name in known]
    RESULTS.write_text(json.dumps([asdict(each) for each in kept], indent=2, ensure_ascii=False) + "\n")
    text = README.read_text()
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    machines = "; ".join(dict.fromkeys(each.machine for each in kept))
    README.write_text(f"{before}{_BEGIN}\n{table(kept)}\n\nMachine: {machines}.\n{_END}{after}")
    return kept
