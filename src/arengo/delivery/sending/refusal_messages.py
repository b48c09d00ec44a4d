# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A provider's no, told to the person who asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from arengo.delivery.models import Sender
from arengo.delivery.sending.refusal_words import in_words
from arengo.platforms.contract import Refusal


def refused(request: HttpRequest, sender: Sender, refusal: Refusal) -> None:
    """In our words and in the provider's own."""
    messages.error(request, in_words(sender, refusal))
