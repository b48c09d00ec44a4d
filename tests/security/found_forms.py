# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms of every page that somebody may open."""

from __future__ import annotations

import re
from typing import Any

from tests.security.forms_of import Form, forms
from tests.security.town import SAMPLES
from tests.security.visiting import Visitor, addresses


def found_forms(visitor: Visitor) -> list[Form]:
    """One of each kind: the same fields sent to the same view."""
    kinds: dict[tuple[str, tuple[str, ...]], Form] = {}
    for address in addresses():
        for pk in SAMPLES if address.ids else [0]:
            path = address.path(pk)
            answer: Any = visitor.ask("GET", path)
            if answer.status_code != 200 or answer.streaming or "html" not in answer.get("Content-Type", ""):
                continue
            for form in forms(path, answer.content.decode()):
                kinds.setdefault((re.sub(r"\d+", "#", form.action), tuple(form.names)), form)
    return list(kinds.values())
