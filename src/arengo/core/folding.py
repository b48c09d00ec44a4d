# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words as they are compared in searches: in Python here, and by the same rule in SQL functions that migrations make."""

from __future__ import annotations

import re
import unicodedata

# Everything that is neither letter nor digit. Letters are told from signs by their code, as in the database, where character
# classes depend on the locale of the cluster.
_SIGNS = re.compile("[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+")
_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Small letters without accents, a blank for every sign: the same as ``desk_search_fold`` and ``audience_name_parts``."""
    return _SIGNS.sub(" ", _ACCENTS.sub("", unicodedata.normalize("NFKD", text))).lower()
