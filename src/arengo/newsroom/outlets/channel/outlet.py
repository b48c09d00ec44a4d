# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A post on the organization's own channel: there at once, and gone when it is withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from arengo.channel.board import publish_post, withdraw
from arengo.channel.items import Item
from arengo.channel.models import Post
from arengo.core import outside
from arengo.core.clean_text import isolated
from arengo.core.images import PictureBusy, PictureRefused
from arengo.core.models import Person
from arengo.core.sentences import gettext
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import (
    NotNow,
    Outcome,
    Outlet,
    OutletWords,
    Partials,
    Placed,
    Said,
    Unsendable,
)
from arengo.newsroom.outlets.channel import KEY


@dataclass(frozen=True)
class PostOutcome(Outcome):
    """``post`` None: it is not there yet."""

    post: Post | None = None


class PublicChannel(Outlet):
    key = KEY
    words = OutletWords(
        name=_("Canale pubblico"),
        on=_("sul canale"),
        alone=_("Solo sul canale pubblico"),
        where=_("sul canale pubblico, dove lo legge chiunque"),
        to=_("al canale"),
        press=_("Pubblica sul canale"),
        free=_("Nulla: il canale è gratis."),
        shown=_("Sul canale"),
    )
    partials = Partials(
        face="newsroom/channel/face.html",
        preview="newsroom/channel/preview.html",
        sent="newsroom/channel/sent.html",
    )

    def place(self, placement: Placement) -> Placed:
        """The post has the update's name as its key: twice is once."""
        update = placement.update
        items = [Item(text=item.text, url=item.url) for item in kinds.as_lines(draft_of(update)).items]
        with update.image.open("rb") if update.image else nullcontext() as image:
            try:
                post = publish_post(
                    update.organization,
                    key=update.topic,
                    title=update.title,
                    items=items,
                    image=image,
                    image_alt=update.image_alt,
                )
            except PictureBusy as busy:
                raise NotNow(busy.words) from busy
            except PictureRefused as unreadable:
                raise Unsendable(gettext("L'immagine non si legge più: sceglila di nuovo.")) from unreadable
        return Placed(reference=str(post.pk), url=post.get_absolute_url())

    def outcome(self, placement: Placement) -> PostOutcome:
        return PostOutcome(post=_post_of(placement))

    def withdraw(self, placement: Placement, *, by: Person) -> Said:
        post = _post_of(placement)
        if post is not None and withdraw(post, by):
            return Said(gettext("«%(title)s» non è più sul canale.") % {"title": isolated(post)}, done=True)
        return Said(
            gettext("«%(title)s» non era più sul canale.") % {"title": isolated(placement.update)}, done=False
        )

    def pages(self, placements: Collection[Placement]) -> Mapping[int, str]:
        by_post = {pk: one for one in placements if (pk := outside.whole(one.reference)) is not None}
        posts = Post.objects.filter(pk__in=by_post, withdrawn_at__isnull=True)
        return {by_post[post.pk].pk: post.get_absolute_url() for post in posts}


def _post_of(placement: Placement) -> Post | None:
    found: Post | None = Post.objects.filter(pk=outside.whole(placement.reference)).first()
    return found
