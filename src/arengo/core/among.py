# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``filter(pk__among=ids)``: as ``__in``, with all values in one array.

Django writes one parameter for each value of ``__in``; the driver splits the statement at each, and quotes each by itself, which
costs more than what is asked. The same index answers both.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from arengo.core import bulk


class Among(models.Lookup):
    """Values of the column's own type, as ``bulk.array`` writes them; none: no row."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        kind = bulk.kind_of(self.lhs.output_field)
        return f"{left} = ANY(%s::{kind}[])", (*parameters, bulk.array(kind, self.rhs))


def register() -> None:
    models.Field.register_lookup(Among)
    models.ForeignObject.register_lookup(Among)  # which inherits none
