# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit log: actor, action, object."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from django.db import models

from arengo.core.models import AuditEntry, Organization, Person, StaffKey
from arengo.core.sentences import Sentence, stored

# What would name somebody for ever in a row that cannot be changed: an e-mail address, a telephone number.
# A date is neither. The looks behind keep the search linear: a word is begun once, not at each of its letters.
_NAMES = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*|(?<!\d)(?!\d{4}-\d\d-\d\d)(?:\+ ?)?\d(?:[ ().\-/]{0,2}\d){8,}"
)
_MOST_TEXT, _MOST_PARTS = (
    1_000,
    200,
)  # characters of one text, parts of one list: what is beyond tells nobody more


def record(
    verb: str,
    *,
    organization: Organization | int,
    by: Person | None,
    on: models.Model | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry, in the caller's transaction: it stands exactly when the action does.

    ``verb`` is ``room.action`` (``desk.took``, ``audience.erased``). ``by`` None means Arengo itself. ``detail`` holds
    ids and facts that name nobody: an address or a number in one of its texts is left out («…»).
    """
    return AuditEntry.objects.create(
        organization_id=organization if isinstance(organization, int) else organization.pk,
        person=by,
        label_sealed=_label(by) if by else None,
        verb=verb,
        object_type=on._meta.label if on is not None else "",  # noqa: SLF001  # Django documents _meta
        object_id=str(on.pk) if on is not None else "",
        detail=_nameless(detail or {}),
    )


def _label(person: Person) -> bytes | None:
    """The name of today under the person's own key, which is made with their first entry; none for who was erased."""
    if person.erased_at is not None:
        return None
    key = getattr(person, "log_key", None)
    if key is None:
        StaffKey.objects.bulk_create([StaffKey(person=person)], ignore_conflicts=True)
        key = StaffKey.objects.get(person=person)
        person.log_key = key
    return key.own.seal_text(str(person)[:200], purpose="log")


def _nameless(value: Any) -> Any:
    if isinstance(value, dict):
        return {_nameless(name): _nameless(part) for name, part in islice(value.items(), _MOST_PARTS)}
    if isinstance(value, (list, tuple)):
        return [_nameless(part) for part in value[:_MOST_PARTS]]
    if isinstance(value, Sentence):
        return stored(value.map(_nameless_text))
    return _nameless_text(value) if isinstance(value, str) else value


def _nameless_text(text: str) -> str:
    kept = text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + "…"
    return _NAMES.sub("…", kept)
