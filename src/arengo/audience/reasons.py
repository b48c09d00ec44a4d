# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why somebody left the list: a closed list, and what follows from each reason."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Of a consent that is withdrawn. Figures are counted by it: one that was used keeps its name."""

    UNSUBSCRIBED = "unsubscribed", _("si è cancellata")
    PLATFORM = "platform", _("ha premuto stop nell’app")
    INVALID = "invalid", _("il numero non è più valido")
    NEVER_REACHED = "never_reached", _("non è mai stata raggiunta")
    TOPIC_ENDED = "topic_ended", _("il suo tema è finito")
    MERGED = "merged", _("due schede della stessa persona sono state unite")
    ERASED = "erased", _("i suoi dati sono stati eliminati")
    BULK = "bulk", _("è uscita con un’operazione su molte persone")
    UNANSWERED = "unanswered", _("non ha risposto alla richiesta di conferma")


# The rules of the list decided these, not the person: their own word still counts, and staff may take them back.
BY_RULE = (Reason.INVALID, Reason.NEVER_REACHED)


def usual(source: str) -> Reason:
    """Why somebody leaves through this door (``Consent.Source``), where nothing else is said."""
    return {"platform": Reason.PLATFORM, "import": Reason.BULK}.get(source, Reason.UNSUBSCRIBED)
