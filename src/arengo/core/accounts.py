# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sign-in by django-allauth, closed to the public: an administrator invites, nobody signs up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from arengo.core.sign_in_limits import LimitedAccountAdapter


class StaffAccountAdapter(LimitedAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        raise PermissionError("Nobody signs up here.")
