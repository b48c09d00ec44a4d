# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the engine asks of a platform about what a person sent and could not be had."""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import Protocol


class FileTrouble(enum.StrEnum):
    """What a refusal says about a file that a person sent."""

    WAIT = "wait"  # the platform is busy or away, or does not let this sender in: the file is still there
    DOUBT = "doubt"  # a no that may be of the moment; the same no several times in a row is believed
    MISSING = "missing"  # the platform knows no such file; believed in the same way
    REFUSED = "refused"  # the platform cannot hand it out, and says why
    TOO_LARGE = "too_large"


class Receiving(Protocol):
    kept: timedelta  # how long the platform hands out what a person sent

    def trouble(self, code: int, remedy: str) -> FileTrouble:
        """What a refusal of ``Platform.download`` means for the file: its code, and its ``contract.Remedy``."""
        ...

    def lost(self, code: int) -> FileTrouble | None:
        """The same of a code that came in the place of a message's content; None when it is not about a file."""
        ...

    def explain(self, code: int) -> str:
        """What a code means for something that a person sent us, and what to do, for staff, in their language."""
        ...
