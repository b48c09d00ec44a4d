# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel for feed readers: Atom (RFC 4287). An entry has a stable id, when it changed, its words and its HTML.

What a reader shows has no style of ours: an entry is rendered for itself, not from the parts of a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from arengo.channel.board import channel_of, public_posts
from arengo.channel.models import Channel, Post
from arengo.core.access import organization_of
from arengo.core.chat_text import to_plain
from arengo.core.clean_text import for_xml
from arengo.core.public_pages import public_page

_ENTRIES = 30


if TYPE_CHECKING:
    _Feed = Feed[Post, Channel]
else:
    _Feed = Feed  # Django's own class takes no type arguments at run time


class _Clean:
    """A writer of XML that leaves out what XML cannot hold, whatever text it is given."""

    def __init__(self, handler: SimplerXMLGenerator) -> None:
        self._handler = handler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handler, name)

    def addQuickElement(
        self, name: str, contents: str | None = None, attrs: Mapping[str, str] | None = None
    ) -> None:
        self._handler.addQuickElement(
            name,
            None if contents is None else for_xml(str(contents)),
            {key: for_xml(str(value)) for key, value in (attrs or {}).items()},
        )


class _Atom(Atom1Feed):
    """With ``content`` beside ``summary``, and dated by what the channel shows, also while that is nothing."""

    def add_root_elements(self, handler: Any) -> None:
        clean: Any = _Clean(handler)
        super().add_root_elements(clean)

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        clean: Any = _Clean(handler)
        super().add_item_elements(
            clean, {**item, "description": None}
        )  # Django says that all summaries are HTML
        clean.addQuickElement("summary", item["description"], {"type": "text"})
        clean.addQuickElement("content", item["html"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        """Of an empty channel: since when there is an organization. Django would say now, which is another feed each time."""
        return super().latest_post_date() if self.items else self.feed["since"]


class ChannelFeed(_Feed):
    feed_type = _Atom

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Channel:
        return channel_of(organization_of(request))

    def title(self, channel: Channel) -> str:
        return to_plain(channel.title)

    def subtitle(self, channel: Channel) -> str:
        return to_plain(channel.description)

    def link(self, channel: Channel) -> str:
        return reverse("public_channel:feed")

    def author_name(self, channel: Channel) -> str:
        return channel.organization.name

    def feed_extra_kwargs(self, channel: Channel) -> dict[str, Any]:
        return {"since": channel.organization.created_at}

    def items(self, channel: Channel) -> list[Post]:
        return list(public_posts()[:_ENTRIES])

    def item_title(self, post: Post) -> str:
        return to_plain(post.title)

    def item_description(self, post: Post) -> str:
        """The words alone, each item on a line with its address."""
        return "\n".join(" ".join(filter(None, (to_plain(item.text), item.url))) for item in post.items)

    def item_extra_kwargs(self, post: Post) -> dict[str, Any]:
        return {"html": render_to_string("channel/feed_entry.html", {"post": post})}

    def item_pubdate(self, post: Post) -> datetime:
        return post.published_at

    def item_updateddate(self, post: Post) -> datetime:
        """A post never changes: it is withdrawn, and is in the feed no more."""
        return post.published_at


atom = public_page(Channel, Post)(ChannelFeed())
