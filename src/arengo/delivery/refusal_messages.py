# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A provider's no, told to the person who asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from arengo.delivery.models import Sender
from arengo.platforms.contract import Refusal
from arengo.platforms.registry import platform


def refused(request: HttpRequest, sender: Sender, refusal: Refusal) -> None:
    """In our words and in the provider's own."""
    said = " ".join(part for part in (refusal.title, refusal.details) if part)
    words = platform(sender.platform).explain(refusal.code)
    messages.error(request, f"{words} ({refusal.code}: {said})" if said else words)
