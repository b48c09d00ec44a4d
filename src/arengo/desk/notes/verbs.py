# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes are written, removed and seen; a conversation is handed over with one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit, outside
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.desk import handling
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.models import Conversation
from arengo.desk.notes.models import LONGEST, LONGEST_SIGNATURE, Mention, Note
from arengo.desk.notes.naming import named

_SAME_PRESS = timedelta(seconds=10)  # the same words again within it are one press of the button too many
MOST_MENTIONS = 20  # of one note


class NoteRefused(HandlingRefused):
    """Why it cannot be done, in the user's language."""


@again_if_undone
def write(
    conversation: Conversation,
    *,
    text: str,
    by: Person,
    on_person: bool = False,
    kind: str = Note.Kind.NOTE,
    at: datetime | None = None,
) -> Note:
    """A note on the conversation, or on its citizen; who is named in it is told.

    ``at``: when the citizen telephoned or came, for those kinds. The same words of the same person within ten seconds are the
    same note. Locks the conversation. NoteRefused for no words, too many, or a citizen who was erased.
    """
    text = _checked(text)
    with transaction.atomic():
        held = _of_somebody(conversation)
        since = timezone.now() - _SAME_PRESS
        again: Note | None = Note.objects.filter(
            conversation=held, author=by, text=text, kind=kind, on_person=on_person, at__gte=since
        ).first()
        if again is not None:
            return again
        note: Note = Note.objects.create(
            organization_id=held.organization_id,
            contact_id=held.contact_id,
            conversation=held,
            on_person=on_person,
            kind=kind,
            text=text,
            author=by,
            at=at or timezone.now(),
        )
        _mention(note)
        audit.record("desk.noted", organization=held.organization_id, by=by, on=held)
        announce(held.organization_id, held.topic)
    return note


@again_if_undone
def hand_over(conversation: Conversation, *, to: Person, text: str, by: Person) -> None:
    """The conversation becomes the colleague's, who finds what there is to know as a note that mentions them.

    Both or neither. Locks the conversation. NoteRefused, and what ``handling.assign`` refuses.
    """
    text = _checked(text)
    with transaction.atomic():
        held = _of_somebody(conversation)
        if held.assignee_id == to.pk:
            raise NoteRefused(_("È già in carico a questa persona."))
        handling.assign(held, to=to, by=by)
        note = Note.objects.create(
            organization_id=held.organization_id,
            contact_id=held.contact_id,
            conversation=held,
            kind=Note.Kind.HANDOVER,
            text=text,
            author=by,
        )
        _mention(note, to)


def answer_of_office(conversation: Conversation, *, text: str, signed: str, tell: Person | None) -> Note:
    """The words of an office without an account, as a note; ``tell`` finds it among the mentions. In the caller's transaction."""
    held = _of_somebody(conversation)
    note: Note = Note.objects.create(
        organization_id=held.organization_id,
        contact_id=held.contact_id,
        conversation=held,
        kind=Note.Kind.OFFICE,
        text=_checked(text),
        signed=signed[:LONGEST_SIGNATURE],
    )
    _mention(note, *[tell] if tell else [])
    announce(held.organization_id, "inbox", held.topic)
    return note


def may_remove(note: Note, person_id: int, *, administers: bool) -> bool:
    return note.removed_at is None and (administers or note.author_id == person_id)


@again_if_undone
def remove(note: Note, *, by: Person) -> None:
    """Its words are gone, and who was mentioned is told no more; that there was a note, whose and when, stays."""
    with transaction.atomic():
        held = locked(note.conversation)
        if not Note.objects.filter(pk=note.pk, removed_at=None).update(text="", removed_at=timezone.now()):
            return
        Mention.objects.filter(note=note).delete()
        audit.record("desk.removed_note", organization=held.organization_id, by=by, on=held)
        announce(held.organization_id, held.topic)


def see(conversation: Conversation, person: Person) -> int:
    """The person has the conversation open: what mentions them there is seen. Returns how many were new."""
    return int(
        Mention.objects.filter(person=person, seen_at=None, note__conversation=conversation).update(
            seen_at=timezone.now()
        )
    )


def _checked(text: str) -> str:
    text = outside.text(text).replace("\r\n", "\n").strip()
    if not text:
        raise NoteRefused(_("Scrivi la nota."))
    if len(text) > LONGEST:
        raise NoteRefused(
            _("La nota è troppo lunga: %(length)d caratteri, al massimo %(most)d.")
            % {"length": len(text), "most": LONGEST}
        )
    return text


def _of_somebody(conversation: Conversation) -> Conversation:
    held = locked(conversation)
    if held.identity_id is None:
        raise NoteRefused(_("I dati di questo cittadino sono stati cancellati."))
    return held


def _mention(note: Note, *also: Person) -> None:
    """The people named in it, without its author."""
    people = [membership.person for membership in handling.colleagues([note.conversation.desk_id])]
    wanted = {person.pk: person for person in (*also, *named(note.text, people))}
    wanted.pop(note.author_id or 0, None)
    Mention.objects.bulk_create(
        [
            Mention(organization_id=note.organization_id, note=note, person=person)
            for person in list(wanted.values())[:MOST_MENTIONS]
        ]
    )
