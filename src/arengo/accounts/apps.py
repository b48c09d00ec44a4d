# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "arengo.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from arengo.accounts import audit_words, console, factors, invitations, retention_rules, trail
        from arengo.core import live_topics, sealed, staff_privacy

        audit_words.register()
        console.register()
        retention_rules.register()
        sealed.register_inside("mfa.Authenticator", "data", factors.rewrite)
        staff_privacy.register(invitations.forget)
        live_topics.only_if(lambda membership: not factors.is_missing(membership))
        trail.connect()
