# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does with topics and quarters. The people who chose one are moved with it, counted, and moved back by an undo.

Each verb locks the rows of its sort, by id, so that of two presses the second finds what the first did. It writes the change
with whom it touched, and the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience.models import Topic
from arengo.audience.naming import Named
from arengo.audience.topics.models import Change, Touched
from arengo.audience.topics.sorts import SORTS, Sort
from arengo.core import audit
from arengo.core.clean_text import isolated
from arengo.core.models import Organization, Person

UNDO_FOR = timedelta(days=7)
MOST_UNDONE = (
    20  # changes of an organization that are kept to be undone; older ones are forgotten before their time
)
MOST = 20  # topics; and as many quarters


class NotNow(ValueError):
    """Why it cannot be done as things are, in the user's language."""


@dataclass(frozen=True)
class Written:
    """What is typed of one. The season «06-01» to «09-15», of topics alone."""

    name: str
    words: list[str]
    season_from: str = ""
    season_to: str = ""


def add(sort: Sort, organization: Organization, written: Written, *, by: Person) -> Named:
    """At the end of the list. NotNow: there are as many as there may be, or one with this name."""
    with transaction.atomic():
        every = _held(sort)
        if len(every) >= MOST:
            raise NotNow(_("Al massimo %(most)d: unisci o togli qualcosa prima.") % {"most": MOST})
        _must_be_free(sort, written.name, every)
        position = max((one.position for one in every), default=-1) + 1
        one: Named = sort.model(organization=organization, position=position)
        _write(one, written)
        one.save()
        audit.record(
            "audience.added_topic", organization=organization, by=by, on=one, detail={"name": one.name}
        )
    return one


def change(sort: Sort, pk: int, written: Written, *, place: int | None = None, by: Person) -> None:
    """Name, words, season, and the place in the list (from 1). The people who chose it keep it."""
    with transaction.atomic():
        every = _held(sort)
        one = _among(every, pk)
        _must_be_free(sort, written.name, [other for other in every if other.pk != pk])
        before = _written(one)
        if before != written:
            kept = _keep(sort, Change.Action.CHANGED, one, by=by)
            kept.before = asdict(before)
            kept.save(update_fields=["before"])
            _write(one, written)
            one.save()
        if place is not None:
            _place(every, one, place)
        audit.record(
            "audience.changed_topic",
            organization=one.organization_id,
            by=by,
            on=one,
            detail={"name": one.name},
        )


def remove(sort: Sort, pk: int, *, to: int | None, by: Person) -> Change:
    """It is offered no more. People who had chosen others too go on with those. Those who had chosen this one alone go ``to``
    another, or keep the choice of something that is no more and receive what is for everybody: never everything.
    """
    with transaction.atomic():
        every = _held(sort)
        one = _among(every, pk)
        into = None if to is None else _among([other for other in every if other.pk != pk], to)
        made = _keep(sort, Change.Action.REMOVED, one, into=into, by=by)
        _move(sort, "note_removed", made)
        one.ended_at = made.at
        one.save(update_fields=["ended_at"])
        _record("audience.removed_topic", one, made, into, by)
    return made


def merge(sort: Sort, pk: int, into_pk: int, *, by: Person) -> Change:
    """Its people have the other one from now on; its name and words mean that one."""
    with transaction.atomic():
        every = _held(sort)
        one = _among(every, pk)
        into = _among([other for other in every if other.pk != pk], into_pk)
        made = _keep(sort, Change.Action.MERGED, one, into=into, by=by)
        _move(sort, "note_merged", made)
        one.ended_at, one.merged_into = made.at, into
        one.save(update_fields=["ended_at", "merged_into"])
        _record("audience.merged_topic", one, made, into, by)
    return made


def undo(change_id: int, *, by: Person) -> Change:
    """As it was; who chose otherwise meanwhile keeps that. NotNow: too late, undone already, or something else came after it."""
    with transaction.atomic():
        made: Change = Change.objects.select_for_update(no_key=True).get(pk=change_id)
        if not may_undo(made):
            raise NotNow(_("Non si può più annullare: sono passati i 7 giorni, o è già stato fatto."))
        sort = SORTS[made.sort]
        every = _held(sort)
        one: Named = sort.model.objects.select_for_update().get(pk=made.about)
        name = str(made.before.get("name", made.name))
        _must_be_free(sort, name, [other for other in every if other.pk != one.pk])
        if made.action == Change.Action.CHANGED:
            if one.ended_at is not None:
                raise NotNow(
                    _("«%(name)s» nel frattempo non c’è più: annulla prima quello.")
                    % {"name": isolated(one.name)}
                )
            _write(one, Written(**made.before))
        else:
            _back(sort, made, one, every)
        one.save()
        made.undone_at = timezone.now()
        made.save(update_fields=["undone_at"])
        Touched.objects.filter(change=made).delete()
        audit.record(
            "audience.undid_topic", organization=one.organization_id, by=by, on=one, detail={"name": name}
        )
    return made


def may_undo(made: Change) -> bool:
    return made.undone_at is None and timezone.now() < made.at + UNDO_FOR


def _back(sort: Sort, made: Change, one: Named, every: Sequence[Named]) -> None:
    if len(every) >= MOST:
        raise NotNow(_("Al massimo %(most)d: unisci o togli qualcosa prima.") % {"most": MOST})
    if made.into is not None and made.into not in {other.pk for other in every}:
        raise NotNow(_("Quello in cui è confluito nel frattempo non c’è più: annulla prima quello."))
    values = {
        "change": made.pk,
        "this": made.about,
        "into": made.into,
        "by_removing": made.action == Change.Action.REMOVED,
    }
    sort.run("give_back", values)
    if made.into is not None:
        sort.run("take_back", values)
    one.ended_at, one.merged_into = None, None


def _held(sort: Sort) -> list[Named]:
    """Those in use, locked: a choice of one that is made at this moment is waited for."""
    list(sort.model.in_use().select_for_update().order_by("pk").values_list("pk", flat=True))
    return list(sort.model.in_use())


def _among(every: Sequence[Named], pk: int) -> Named:
    found = next((one for one in every if one.pk == pk), None)
    if found is None:
        raise NotNow(_("Nel frattempo non c’è più: guarda l’elenco."))
    return found


def _must_be_free(sort: Sort, name: str, others: Sequence[Named]) -> None:
    if any(one.name.casefold() == name.casefold() for one in others):
        raise NotNow(sort.taken % {"name": isolated(name)})


def _written(one: Named) -> Written:
    if isinstance(one, Topic):
        return Written(one.name, list(one.words), one.season_from, one.season_to)
    return Written(one.name, list(one.words))


def _write(one: Named, written: Written) -> None:
    one.name, one.words = written.name, written.words
    if isinstance(one, Topic):
        one.season_from, one.season_to = written.season_from, written.season_to


def _place(every: Sequence[Named], one: Named, place: int) -> None:
    others = [other for other in every if other.pk != one.pk]
    others.insert(max(0, place - 1), one)
    for position, other in enumerate(others):
        if other.position != position:
            other.position = position
            other.save(update_fields=["position"])


def _keep(sort: Sort, action: str, one: Named, *, into: Named | None = None, by: Person) -> Change:
    made: Change = Change.objects.create(
        organization_id=one.organization_id,
        action=action,
        sort=sort.key,
        about=one.pk,
        into=into.pk if into else None,
        name=one.name,
        by=by,
        at=timezone.now(),
    )
    older = Change.objects.order_by("-at", "-pk").values_list("pk", flat=True)[MOST_UNDONE : MOST_UNDONE * 2]
    Change.objects.filter(pk__in=list(older)).delete()
    return made


def _move(sort: Sort, noting: str, made: Change) -> None:
    values = {
        "organization": made.organization_id,
        "change": made.pk,
        "this": made.about,
        "into": made.into,
    }
    sort.run(noting, values)
    sort.run("take", values)
    if made.into is not None:
        sort.run("give", values)
    made.people = Touched.objects.filter(change=made, subscription__active=True).count()
    made.save(update_fields=["people"])


def _record(verb: str, one: Named, made: Change, into: Named | None, by: Person) -> None:
    detail: dict[str, object] = {"name": one.name, "people": made.people}
    if into is not None:
        detail["into"] = into.name
    audit.record(verb, organization=one.organization_id, by=by, on=one, detail=detail)
