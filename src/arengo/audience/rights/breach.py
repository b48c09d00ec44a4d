# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people that a breach touches (GDPR art. 33, 34): those that an account saw, those that wrote meanwhile, or all.

What an account opened, changed or handed out is what the log has of it; a card stands there once a quarter of an hour.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arengo.audience import people, touched
from arengo.audience.models import Contact, Identity
from arengo.core.csv_text import as_text
from arengo.core.models import AuditEntry, Person
from arengo.core.scope import current_organization_id

ACCOUNT, WROTE, ALL = "account", "wrote", "all"
_PAGE = 1_000  # people whose numbers are open at once


@dataclass(frozen=True)
class Account:
    """``person_id``: of the staff, also of who is no member any more; ``count``: how many citizens they touched."""

    person_id: int
    name: str
    count: int


def accounts(first: datetime, last: datetime) -> Sequence[Account]:
    """Those that touched somebody's data in that time, the most first."""
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for person_id, label, object_id in (
        _entries(first, last).values_list("person_id", "object_type", "object_id").distinct()
    ):
        if object_id.isdecimal():
            found[person_id][label].add(int(object_id))
    names = {person.pk: str(person) for person in Person.objects.filter(pk__in=found)}
    counted = [
        Account(pk, names.get(pk, ""), len(_known(touched.citizens(objects))))
        for pk, objects in found.items()
    ]
    return sorted((each for each in counted if each.count), key=lambda each: (-each.count, each.name))


def touched_by(person_id: int, first: datetime, last: datetime) -> set[int]:
    """Ids of citizens."""
    objects: dict[str, set[int]] = defaultdict(set)
    entries = _entries(first, last).filter(person=person_id)
    for label, object_id in entries.values_list("object_type", "object_id").distinct():
        if object_id.isdecimal():
            objects[label].add(int(object_id))
    return _known(touched.citizens(objects))


def _known(contacts: Collection[int]) -> set[int]:
    """Without those that were erased: nothing of them is left to be told."""
    return set(Contact.objects.filter(pk__among=list(contacts), erased_at=None).values_list("pk", flat=True))


def _entries(first: datetime, last: datetime) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(
        organization=current_organization_id(),
        at__gte=first,
        at__lt=last,
        person__isnull=False,
        object_type__in=touched.labels(),
    ).order_by()


def everybody() -> Iterator[int]:
    """Of the scope's organization, but who was erased: nothing of them is left to be seen."""
    after = 0
    while page := list(
        Contact.objects.filter(erased_at=None, pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:_PAGE]
    ):
        yield from page
        after = page[-1]


def written(contacts: Iterable[int]) -> tuple[File[bytes], int]:
    """The list as CSV, and how many are on it: an open file on the disk, which is gone once it is closed."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    out = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed when it was sent
    heads, count = [_("Nome"), _("Piattaforma"), _("Recapito")], 0
    try:
        out.write("\ufeff".encode() + as_text(heads, []).encode())
        left = iter(contacts)
        while page := list(islice(left, _PAGE)):
            rows = [dict(zip(heads, row, strict=True)) for row in _rows(page)]
            out.write(as_text(heads, rows).partition("\r\n")[2].encode("utf-8", "replace"))
            count += len(page)
    except BaseException:
        out.close()
        raise
    size = out.tell()
    out.seek(0)
    file: File[bytes] = File(out, name=_("persone-toccate.csv"))
    file.size = size
    return file, count


def _rows(contacts: Collection[int]) -> Iterator[tuple[str, str, str]]:
    """A line for each address: who has two is reached at either."""
    found = (
        Identity.objects.filter(contact__among=list(contacts))
        .select_related("contact")
        .order_by("contact_id", "pk")
    )
    for identity in found:
        address = identity.address
        name = identity.contact.name or people.display_name(identity)
        yield name, identity.words.name, address.phone or identity.username or address.user_id or ""
