# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class SpendingConfig(AppConfig):
    name = "arengo.newsroom.spending"
    label = "newsroom_spending"

    def ready(self) -> None:
        from arengo.delivery.spending import budgets
        from arengo.newsroom import sending_checks
        from arengo.newsroom.spending import audit_words, check, console, planned

        audit_words.register()
        console.register()
        budgets.register_planned(planned.leaving)
        sending_checks.register("budget", check.budget)
