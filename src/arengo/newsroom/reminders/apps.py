# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "arengo.newsroom.reminders"
    label = "newsroom_reminders"
