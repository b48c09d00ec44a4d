# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.accounts import log_views, organization_views, staff_views

urlpatterns = [
    path("ente/", organization_views.organization, name="organization"),
    path("personale/", staff_views.staff_page, name="staff"),
    path("personale/<id:pk>/", staff_views.member, name="member"),
    path("personale/<id:pk>/invito/", staff_views.renew_link, name="member_renew"),
    path("personale/<id:pk>/togli/", staff_views.remove_member, name="member_remove"),
    path("personale/secondo-passaggio/", staff_views.require_second_factor, name="second_factor"),
    path("personale/inviti/<id:pk>/rinnova/", staff_views.renew_invitation, name="invitation_renew"),
    path("personale/inviti/<id:pk>/revoca/", staff_views.revoke_invitation, name="invitation_revoke"),
    path("registro/", log_views.log_page, name="log"),
]
