# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "arengo.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from arengo.core import alarms, live_topics
        from arengo.core.models import Role

        live_topics.register("senders", Role.EDITOR, Role.APPROVER, Role.AUDITOR)
        alarms.register(
            alarms.Alarm(
                kind="restored",
                words=_(
                    "La banca dati è tornata a un momento precedente: ciò che era in coda non parte da solo, "
                    "perché forse è già partito. Decide un amministratore. I messaggi nuovi partono."
                ),
                link=_("Guarda e decidi"),
                page="settings:withheld",
                settled_by=(Role.ADMINISTRATOR,),
            )
        )
