# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class MistakesConfig(AppConfig):
    name = "arengo.desk.mistakes"
    label = "desk_mistakes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from arengo.core import log_entries
        from arengo.core.console import retention
        from arengo.core.console.retention import RetentionRule
        from arengo.desk.blocks import privacy as blocks
        from arengo.desk.mistakes import forgetting

        log_entries.verbs({"desk.erased_message": _("ha cancellato un messaggio ricevuto per errore")})
        retention.register(
            RetentionRule(
                "desk.mistakes",
                _("chi ha cancellato un messaggio ricevuto per errore, e quando"),
                _("si cancella con il cittadino"),
            )
        )
        forgetting.register("blocks", blocks.message_erased)
