# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing drafts. A draft may be incomplete or too long: nothing that somebody wrote is ever lost for it."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.newsroom import saving
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import Item, Update

LIST_TOPIC = "updates"  # the live topic of the list of updates


class EditedMeanwhile(Exception):
    """Somebody saved another version first; ``update`` is theirs."""

    def __init__(self, update: Update) -> None:
        super().__init__(f"update {update.pk} is at version {update.version}")
        self.update = update


class NoLongerDraft(Exception):
    """It was sent meanwhile: what went out does not change."""

    def __init__(self, update: Update) -> None:
        super().__init__(f"update {update.pk} is {update.state}")
        self.update = update


def create(
    organization: Organization,
    draft: Draft,
    *,
    by: Person,
    image: ContentFile[bytes] | None = None,
    born_as: str = "",
) -> Update:
    """``born_as``: the key of the page on which it was begun. What that page sends again, since it never heard the answer, is
    saved onto the draft that it made. Raises EditedMeanwhile when somebody else has changed that one, NoLongerDraft.
    """
    made = _born(born_as, by)
    if made is None:
        try:
            with transaction.atomic():
                update = Update(
                    organization=organization,
                    author=by,
                    edited_by=by,
                    edited_at=timezone.now(),
                    born_as=born_as,
                )
                _write(update, draft, image)
                saving.after(update, by)
                audit.record("newsroom.drafted", organization=organization, by=by, on=update)
                announce(organization.pk, LIST_TOPIC)
                return update
        except IntegrityError:  # the same page, at the same moment
            made = _born(born_as, by)
            if made is None:
                raise
    version = made.version if made.edited_by_id == by.pk else 0
    return save(made.pk, draft, version=version, by=by, image=image)


def _born(born_as: str, by: Person) -> Update | None:
    found: Update | None = Update.objects.filter(author=by, born_as=born_as).first() if born_as else None
    return found


def save(
    update_id: int, draft: Draft, *, version: int, by: Person, image: ContentFile[bytes] | None = None
) -> Update:
    """``version`` is the one that the editor began with. ``draft.has_image`` False takes a stored image away."""
    with transaction.atomic():
        update = locked(update_id)
        if not update.is_draft:
            raise NoLongerDraft(update)
        if update.version != version:
            raise EditedMeanwhile(update)
        saving.before(update)
        update.version += 1
        update.edited_by = by
        update.edited_at = timezone.now()
        _write(update, draft, image)
        saving.after(update, by)
        announce(update.organization_id, update.topic, LIST_TOPIC)
    return update


def discard(update_id: int, *, by: Person) -> None:
    with transaction.atomic():
        update = locked(update_id)
        if not update.is_draft:
            raise NoLongerDraft(update)
        audit.record("newsroom.discarded", organization=update.organization_id, by=by, on=update)
        announce(update.organization_id, LIST_TOPIC)
        _forget_file(update)
        update.delete()


def locked(update_id: int) -> Update:
    """The row for this transaction alone; Update.DoesNotExist for one of another organization."""
    update: Update = Update.objects.select_for_update(of=("self",), no_key=True).get(pk=update_id)
    return update


def _write(update: Update, draft: Draft, image: ContentFile[bytes] | None) -> None:
    update.kind = draft.kind
    update.title = draft.title
    update.content = dict(draft.content)
    update.image_alt = draft.image_alt
    update.outlets = list(draft.outlets)
    update.sender_id = draft.sender_id
    update.topics = list(draft.topics)
    update.quarters = list(draft.quarters)
    if update.image and (image is not None or not draft.has_image):
        _forget_file(update)
        update.image = ""
    if image is not None:
        update.image.save(image.name or "", image, save=False)
    update.save()
    update.items.all().delete()
    Item.objects.bulk_create(
        Item(
            organization_id=update.organization_id,
            update=update,
            position=position,
            text=flash.text,
            url=flash.url,
            rubric=flash.rubric,
        )
        for position, flash in enumerate(draft.items, start=1)
    )


def _forget_file(update: Update) -> None:
    """The file goes when the transaction stands: a rollback must find it."""
    if update.image:
        storage, name = update.image.storage, update.image.name or ""
        transaction.on_commit(lambda: storage.delete(name))
