# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The families that the rooms registered, as Prometheus' own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from arengo.core.console.conditions import Snapshot
from arengo.core.console.metrics import Counter, Family, Gauge, Histogram, families

if TYPE_CHECKING:
    from prometheus_client.core import Metric


class Figures:
    """A snapshot as a collector for Prometheus' registry."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        for family in families():
            yield _filled(family, self._snapshot)


def _filled(family: Family, snapshot: Snapshot) -> Metric:
    match family:
        case Histogram():
            histogram = HistogramMetricFamily(family.name, family.help, labels=family.labels)
            for found in family.samples(snapshot):
                histogram.add_metric(found.labels, found.buckets, found.total)
            return histogram
        case Counter():
            counter = CounterMetricFamily(family.name, family.help, labels=family.labels)
            for sample in family.samples(snapshot):
                counter.add_metric(sample.labels, sample.value)
            return counter
        case Gauge():
            gauge = GaugeMetricFamily(family.name, family.help, labels=family.labels)
            for sample in family.samples(snapshot):
                gauge.add_metric(sample.labels, sample.value)
            return gauge
