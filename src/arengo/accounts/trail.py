# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sign-ins, failed attempts and changes of sign-in methods, written into the log of the organizations concerned.

No network address and no browser is recorded. A failure is recorded for a member of the organization; addresses of
nobody here are only counted. Failures of one hour beyond the fifth are recorded at each doubling.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from arengo.accounts.models import FailureCount
from arengo.core import audit
from arengo.core.candidates import candidates
from arengo.core.models import Membership, Organization, Person

EACH_UNTIL = 5  # failures of an hour that are recorded one by one
KEPT = timedelta(days=2)  # counts of past hours


def everywhere(person: Person, verb: str, *, by: Person | None, **detail: Any) -> None:
    """Record a change of a person's account in the log of each organization where they work."""
    for membership in Membership.unscoped.filter(person=person):
        audit.record(verb, organization=membership.organization_id, by=by, on=membership, detail=detail)


def connect() -> None:
    """Listen to Django's and allauth's signals. Called once, when the app is ready."""
    auth_signals.user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
    auth_signals.user_login_failed.connect(_failed, dispatch_uid="accounts.failed")
    auth_signals.user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="accounts.password_changed")
    account_signals.password_set.connect(_password_changed, dispatch_uid="accounts.password_set")
    account_signals.password_reset.connect(_password_reset, dispatch_uid="accounts.password_reset")
    mfa_signals.authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")
    mfa_signals.authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")
    mfa_signals.authenticator_reset.connect(_codes_renewed, dispatch_uid="accounts.codes_renewed")
    mfa_signals.authenticator_used.connect(_factor_used, dispatch_uid="accounts.factor_used")
    mfa_signals.authentication_failed.connect(_factor_failed, dispatch_uid="accounts.factor_failed")


def _organization(request: HttpRequest | None) -> Organization | None:
    return getattr(request, "organization", None)


def _membership(organization: Organization | None, person: Person) -> Membership | None:
    return Membership.unscoped.filter(organization=organization, person=person).first()


def _signed_in(request: HttpRequest | None, user: Person, **_more: Any) -> None:
    organization = _organization(request)
    membership = _membership(organization, user) if organization else None
    if organization is None or membership is None:
        return  # at a host where they do not work, which may not know who they are
    Membership.unscoped.filter(pk=membership.pk).update(entered_at=timezone.now())
    audit.record("accounts.signed_in", organization=organization, by=user, on=membership)


def _signed_out(request: HttpRequest | None, user: Person | None, **_more: Any) -> None:
    organization = _organization(request)
    membership = _membership(organization, user) if organization and user else None
    if organization is not None and membership is not None:
        audit.record("accounts.signed_out", organization=organization, by=user, on=membership)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    organization = _organization(request)
    if organization is None:
        return
    here = candidates(str(credentials.get("email") or ""), organization)
    membership = next((found for person in here if (found := _membership(organization, person))), None)
    _count(organization, membership, "accounts.sign_in_failed")


def _factor_failed(request: HttpRequest | None, user: Person, **_more: Any) -> None:
    organization = _organization(request)
    membership = _membership(organization, user) if organization else None
    if organization is not None and membership is not None:
        _count(organization, membership, "accounts.factor_failed")


def _count(organization: Organization, membership: Membership | None, verb: str) -> None:
    """One failure more; recorded while they are few, then at 10, 20, 40 … of the hour."""
    now = timezone.now()
    row, _made = FailureCount.unscoped.get_or_create(
        organization=organization,
        person=membership.person if membership else None,
        hour=now.replace(minute=0, second=0, microsecond=0),
    )
    FailureCount.unscoped.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db(fields=["count"])
    if row.count == 1:
        FailureCount.unscoped.filter(organization=organization, hour__lt=now - KEPT).delete()
    is_shown = row.count <= EACH_UNTIL if membership else False
    if not is_shown and not _doubled(row.count):
        return
    detail = {} if is_shown else {"count": row.count}
    if membership is None:
        audit.record("accounts.unknown_failed", organization=organization, by=None, detail=detail)
    else:
        detail["person"] = membership.person_id
        audit.record(verb, organization=organization, by=None, on=membership, detail=detail)


def _doubled(count: int) -> bool:
    """10, 20, 40, 80 …"""
    times, rest = divmod(count, 10)
    return count >= 10 and rest == 0 and times & (times - 1) == 0


def _password_changed(user: Person, **_more: Any) -> None:
    everywhere(user, "accounts.changed_password", by=user)


def _password_reset(user: Person, **_more: Any) -> None:
    everywhere(user, "accounts.reset_password", by=user)


def _factor_added(user: Person, authenticator: Authenticator, **_more: Any) -> None:
    everywhere(user, "accounts.added_factor", by=user, factor=authenticator.type)


def _factor_removed(user: Person, authenticator: Authenticator, **_more: Any) -> None:
    everywhere(user, "accounts.removed_factor", by=user, factor=authenticator.type)


def _codes_renewed(user: Person, **_more: Any) -> None:
    everywhere(user, "accounts.renewed_codes", by=user)


def _factor_used(user: Person, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        everywhere(user, "accounts.used_recovery_code", by=user)
