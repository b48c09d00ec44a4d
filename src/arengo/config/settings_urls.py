# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import path

from arengo.config import (
    settings_automatic,
    settings_list,
    settings_log,
    settings_organization,
    settings_policies,
    settings_prices,
    settings_senders,
    settings_staff,
    settings_withheld,
)

urlpatterns = [
    path("ente/", settings_organization.organization, name="organization"),
    path("lista/", settings_list.list_settings, name="list"),
    path("risposte-automatiche/", settings_automatic.automatic_page, name="automatic"),
    path("testi/", settings_policies.policies_page, name="policies"),
    path("testi/<slug:kind>/nuova/", settings_policies.new_policy, name="policy_new"),
    path("mittenti/", settings_senders.sender_list, name="senders"),
    path("mittenti/nuovo/", settings_senders.new_sender, name="sender_new"),
    path("mittenti/<id:pk>/", settings_senders.edit_sender, name="sender"),
    path("mittenti/<id:pk>/prova/", settings_senders.try_sender, name="sender_try"),
    path("mittenti/<id:pk>/riattiva/", settings_senders.resume_sender, name="sender_resume"),
    path("mittenti/<id:pk>/webhook/", settings_senders.subscribe_sender, name="sender_subscribe"),
    path("prezzi/", settings_prices.prices, name="prices"),
    path("prezzi/<id:pk>/togli/", settings_prices.remove_price, name="price_remove"),
    path("personale/", settings_staff.staff_page, name="staff"),
    path("personale/<id:pk>/", settings_staff.member, name="member"),
    path("personale/<id:pk>/invito/", settings_staff.renew_link, name="member_renew"),
    path("personale/<id:pk>/togli/", settings_staff.remove_member, name="member_remove"),
    path("personale/secondo-passaggio/", settings_staff.require_second_factor, name="second_factor"),
    path("personale/inviti/<id:pk>/rinnova/", settings_staff.renew_invitation, name="invitation_renew"),
    path("personale/inviti/<id:pk>/revoca/", settings_staff.revoke_invitation, name="invitation_revoke"),
    path("registro/", settings_log.log_page, name="log"),
    path("ripristino/", settings_withheld.withheld_page, name="withheld"),
    path("ripristino/letto/", settings_withheld.read, name="withheld_read"),
    path("ripristino/singoli/invia/", settings_withheld.release_singles, name="withheld_release_singles"),
    path("ripristino/singoli/annulla/", settings_withheld.drop_singles, name="withheld_drop_singles"),
    path("ripristino/<id:pk>/invia/", settings_withheld.release_mailing, name="withheld_release"),
    path("ripristino/<id:pk>/annulla/", settings_withheld.drop_mailing, name="withheld_drop"),
]
