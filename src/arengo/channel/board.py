# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting an update on the channel, and taking it off."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from arengo.channel.items import Item
from arengo.channel.models import Channel, Post
from arengo.channel.pictures import for_the_web
from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.core.public_pages import is_collecting, valid_until

TOPIC = "channel"


def channel_of(organization: Organization) -> Channel:
    """The organization's channel; one with its name, not saved yet, as long as nothing was published."""
    saved: Channel | None = Channel.objects.filter(organization=organization).first()
    return saved or Channel(organization=organization, title=organization.name)


def publish_post(
    organization: Organization,
    *,
    key: str,
    title: str,
    items: Sequence[Item],
    image: File[bytes] | None = None,
    image_alt: str = "",
    published_at: datetime | None = None,
) -> Post:
    """Shows an update on the channel. The same ``key`` again is the same post, unchanged: it may be retried.

    Opens inside the organization's scope. Raises what ``core.images.open_picture`` raises, which takes its time: call it
    outside a transaction.

    The picture is drawn first. Then one transaction: the channel, made with its first post, the post, the live event. Nothing is
    locked: of two workers with the same key the second finds the first one's post.
    """
    existing: Post | None = Post.objects.filter(key=key).first()
    if existing is not None:
        return existing
    drawn = None if image is None else for_the_web(image)
    with transaction.atomic():
        channel, _made = Channel.objects.get_or_create(
            organization=organization, defaults={"title": organization.name}
        )
        post = Post(
            organization=organization,
            channel=channel,
            key=key,
            title=title,
            body=[asdict(item) for item in items],
            image_alt=image_alt,
            published_at=published_at or timezone.now(),
        )
        if drawn is not None:
            # A name that nobody can guess: the picture of a withdrawn post is not found by its neighbours' names.
            post.image.save(f"{uuid.uuid4().hex}.jpg", ContentFile(drawn.content), save=False)
            post.image_width, post.image_height = drawn.width, drawn.height
        try:
            with transaction.atomic():
                post.save()
        except IntegrityError:  # another worker published the same key a moment ago
            if post.image:
                post.image.delete(save=False)
            published: Post = Post.objects.get(key=key)
            return published
        announce(organization.pk, TOPIC)
    return post


@transaction.atomic
def withdraw(post: Post, by: Person) -> bool:
    """Takes the post off the channel at once. True if it was there; the row stays as proof."""
    withdrawn = Post.objects.filter(pk=post.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now(), withdrawn_by=by
    )
    if not withdrawn:
        return False
    audit.record("channel.withdrew", organization=post.organization_id, by=by, on=post)
    announce(post.organization_id, TOPIC)
    return True


def public_posts() -> QuerySet[Post]:
    """What the channel shows to everyone, newest first. A post dated later waits for its time."""
    if is_collecting():
        waiting = Post.objects.filter(withdrawn_at__isnull=True, published_at__gt=timezone.now())
        valid_until(waiting.aggregate(models.Min("published_at"))["published_at__min"])
    return Post.objects.filter(withdrawn_at__isnull=True, published_at__lte=timezone.now())
