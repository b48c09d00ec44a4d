# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel for feed readers. Atom: it has a stable id and a date of change for each entry."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from arengo.channel.board import channel_of, public_posts
from arengo.channel.models import Channel, Post
from arengo.core.access import organization_of
from arengo.core.public_pages import public_page

_ENTRIES = 30


if TYPE_CHECKING:
    _Feed = Feed[Post, Channel]
else:
    _Feed = Feed  # Django's own class takes no type arguments at run time


class ChannelFeed(_Feed):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Channel:
        return channel_of(organization_of(request))

    def title(self, channel: Channel) -> str:
        return channel.title

    def subtitle(self, channel: Channel) -> str:
        return channel.description

    def link(self, channel: Channel) -> str:
        return reverse("public_channel:feed")

    def author_name(self, channel: Channel) -> str:
        return channel.organization.name

    def items(self, channel: Channel) -> list[Post]:
        return list(public_posts()[:_ENTRIES])

    def item_title(self, post: Post) -> str:
        return post.title

    def item_description(self, post: Post) -> str:
        return render_to_string("channel/items.html", {"post": post})

    def item_pubdate(self, post: Post) -> datetime:
        return post.published_at


atom = public_page(Channel, Post)(ChannelFeed())
