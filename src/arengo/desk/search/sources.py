# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk itself lets one search: messages, names, names of files."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _, gettext_lazy

from arengo.desk.models import Attachment, Message
from arengo.desk.search import kinds
from arengo.desk.search.kinds import Kind, Source


def _messages(ids: Collection[int]) -> Mapping[int, Source]:
    found = Message.objects.filter(pk__in=ids).only("text", "direction", "copy")
    sources = {}
    for message in found:
        ours = _("messaggio di un altro risponditore") if message.copy else _("messaggio nostro")
        what = _("messaggio") if message.incoming else ours
        sources[message.pk] = Source(message.text, what, message.pk)
    return sources


def _names(ids: Collection[int]) -> Mapping[int, Source]:
    """A hit shows the name of its conversation, which the page has."""
    return {pk: Source("", _("nome")) for pk in ids}


def _files(ids: Collection[int]) -> Mapping[int, Source]:
    found = Attachment.objects.filter(pk__in=ids).only("filename", "message_id")
    return {file.pk: Source(file.filename, _("file"), file.message_id) for file in found}


def register() -> None:
    kinds.register(
        Kind("message", gettext_lazy("Messaggi"), 10, _messages),
        Kind("name", gettext_lazy("Nomi"), 30, _names, icon="user"),
        Kind("file", gettext_lazy("File"), 40, _files, icon="file"),
    )
