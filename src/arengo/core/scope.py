# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tenant scoping that a view cannot forget.

Every model of an organization derives from :class:`TenantModel`. Its ``objects`` manager answers only inside a
scope and only with the rows of that scope's organization; outside of one it raises :class:`ScopeMissing`. The
middleware opens the scope of the request's host; workers and commands open theirs by hand. Work that must see all
organizations (the roads, retention) says so with :func:`every_organization` and a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models


class Tenant(models.Model):
    """What a scope is opened for, and rows belong to: ``core.Organization`` derives from it."""

    class Meta:
        abstract = True


class ScopeMissing(RuntimeError):
    """A tenant's rows were asked for outside of any scope: a bug, never a user's mistake."""


@dataclass(frozen=True)
class _Scope:
    organization_id: int | None  # None: every organization, on purpose


_current: ContextVar[_Scope | None] = ContextVar("arengo_scope", default=None)


@contextmanager
def organization_scope(organization: Tenant | int) -> Iterator[None]:
    """Inside, tenant models show and create rows of this organization only."""
    pk = organization if isinstance(organization, int) else organization.pk
    token = _current.set(_Scope(pk))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def every_organization(reason: str) -> Iterator[None]:
    """Inside, tenant models show the rows of all organizations. ``reason`` is for the reader of the code."""
    if not reason:
        raise ValueError("Say why every organization is needed.")
    token = _current.set(_Scope(None))
    try:
        yield
    finally:
        _current.reset(token)


def current_organization_id() -> int | None:
    """The id of the scope's organization; None inside ``every_organization``; ScopeMissing outside of any."""
    scope = _current.get()
    if scope is None:
        raise ScopeMissing("No organization scope is open here.")
    return scope.organization_id


def is_of_one_organization() -> bool:
    """Whether a scope of one organization is open here."""
    scope = _current.get()
    return scope is not None and scope.organization_id is not None


M = TypeVar("M", bound=models.Model)


class TenantManager(models.Manager[M]):
    """Filters by the scope's organization. Not used for relations, which are reached from a row already scoped."""

    def get_queryset(self) -> models.QuerySet[M]:
        organization_id = current_organization_id()
        queryset = super().get_queryset()
        return queryset if organization_id is None else queryset.filter(organization_id=organization_id)


class TenantModel(models.Model):
    """A row of one organization."""

    organization = models.ForeignKey(
        "core.Organization", on_delete=models.CASCADE, related_name="+", editable=False
    )

    # Django itself (cascades, relations, forms' uniqueness checks) needs a manager that always answers.
    unscoped = models.Manager()
    objects: TenantManager[Any] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        scope = _current.get()
        own: int | None = self.organization_id  # None until now for a row made inside the scope
        if own is None and scope is not None and scope.organization_id is not None:
            self.organization_id = own = scope.organization_id
        self._belongs(scope, own)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._belongs(_current.get(), self.organization_id)
        return super().delete(*args, **kwargs)

    @staticmethod
    def _belongs(scope: _Scope | None, own: int | None) -> None:
        if scope is not None and scope.organization_id not in (None, own):
            raise ScopeMissing("This row belongs to another organization than the scope that is open.")
