# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The families that the rooms registered, as Prometheus' own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from arengo.core.console.conditions import Snapshot
from arengo.core.console.metrics import Counter, Gauge, Histogram, families

if TYPE_CHECKING:
    from prometheus_client.core import Metric


class Figures:
    """A snapshot as a collector for Prometheus' registry."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        for family in families():
            name, words, labels = family.name, family.help, family.labels
            match family:
                case Histogram():
                    histogram = HistogramMetricFamily(name, words, labels=labels)
                    for found in family.samples(self._snapshot):
                        histogram.add_metric(found.labels, found.buckets, found.total)
                    yield histogram
                case Counter():
                    counter = CounterMetricFamily(name, words, labels=labels)
                    for sample in family.samples(self._snapshot):
                        counter.add_metric(sample.labels, sample.value)
                    yield counter
                case Gauge():
                    gauge = GaugeMetricFamily(name, words, labels=labels)
                    for sample in family.samples(self._snapshot):
                        gauge.add_metric(sample.labels, sample.value)
                    yield gauge
