# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who worked here and no longer does may ask to be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from arengo.core import audit
from arengo.core.erasures import erasing
from arengo.core.models import AuditEntry, Membership, Organization, Person
from arengo.core.scope import every_organization

Forget = Callable[[Person, Collection[int]], None]
_forget: list[Forget] = []


def register(forget: Forget) -> None:
    """For rows that name a person without a relation to them. ``forget`` is given the person, still with name and address,
    and the organizations whose log knows them."""
    _forget.append(forget)


class StillWorks(Exception):
    """A person with a role somewhere cannot be erased: take the roles away first."""


def erase_person(person: Person, *, by: Person | None) -> None:
    """Name, address, password, second factors and the key of the log are gone; what they did stays, without a name.

    StillWorks while the person has a role in an organization. Every organization whose log has entries of theirs gets
    one more. What belongs to a person alone is found by its relation to them: it goes with the row of a person
    (``on_delete=CASCADE``), whichever app keeps it.
    """
    with transaction.atomic(), every_organization("a person may have worked in several"):
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.erased_at is not None:
            return
        if Membership.objects.filter(person=person).exists():
            raise StillWorks
        places = list(
            AuditEntry.objects.filter(person=person)
            .order_by()
            .values_list("organization", flat=True)
            .distinct()
        )
        # Who never did anything has no organization any more: the files are the whole installation's.
        noted = places or list(Organization.objects.order_by("pk").values_list("pk", flat=True)[:1])
        with erasing(person, organizations=noted):
            person.groups.clear()
            person.user_permissions.clear()
            for relation in Person._meta.related_objects:  # noqa: SLF001  # Django documents _meta
                if relation.on_delete is models.CASCADE:
                    theirs = relation.related_model._base_manager  # noqa: SLF001  # likewise
                    theirs.filter(**{relation.field.name: person}).delete()
            _forget_sessions(person)
            for forget in _forget:
                forget(person, places)
            person.email, person.name, person.language = f"{person.pk}@erased.invalid", "", ""
            person.is_active = person.is_superuser = False
            person.last_login, person.erased_at = None, timezone.now()
            person.set_unusable_password()
            person.save()
        for place in places:
            audit.record("core.erased_person", organization=place, by=by, on=person)


def _forget_sessions(person: Person) -> None:
    """A session holds the address that somebody signed in with. The owner stands inside: each is opened."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    theirs = [
        session.pk
        for session in Session.objects.iterator(chunk_size=1000)
        if str(store.decode(session.session_data).get(SESSION_KEY, "")) == str(person.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()
