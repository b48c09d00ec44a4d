# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""On what the list rests by law: ``basis_words.py`` has the words that follow."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    TASK = "task", _("compito di interesse pubblico (art. 6, par. 1, lett. e GDPR)")
    CONSENT = "consent", _("consenso (art. 6, par. 1, lett. a GDPR)")
