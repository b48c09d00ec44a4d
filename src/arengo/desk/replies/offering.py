# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Canned replies as the composer offers them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.core.clean_text import isolated
from arengo.core.models import Person
from arengo.core.templatetags.arengo import named
from arengo.desk.models import Conversation
from arengo.desk.replies import filling
from arengo.desk.replies.insertions import MOST, InsertedFile, Insertion, Provider
from arengo.desk.replies.models import CannedReply


def offer(conversation: Conversation, by: Person) -> Sequence[Insertion]:
    """Those of the conversation's desk and of all desks."""
    found = (
        CannedReply.objects.filter(Q(desk=None) | Q(desk=conversation.desk_id))
        .select_related("checked_by")
        .prefetch_related("files")[:MOST]
    )
    return [_insertion(reply, conversation, by) for reply in found]


def _insertion(reply: CannedReply, conversation: Conversation, by: Person) -> Insertion:
    text = filling.filled(reply.text, conversation, by)
    if reply.link and reply.link not in text:
        text = f"{text}\n{reply.link}"
    files = tuple(
        InsertedFile(file.filename, reverse("desk_replies:file", args=[file.pk]), file.mime_type, file.size)
        for file in reply.files.all()
    )
    meta = [reply.topic] if reply.topic else []
    if reply.used:
        meta.append(
            ngettext("usata %(many)d volta", "usata %(many)d volte", reply.used) % {"many": reply.used}
        )
    if files:
        meta.append(ngettext("con un file", "con %(many)d file", len(files)) % {"many": len(files)})
    return Insertion(
        key=f"reply-{reply.pk}",
        title=reply.title,
        topic=reply.topic,
        text=text,
        meta=meta,
        used=reply.used,
        checked=_checked(reply),
        overdue=overdue(reply),
        blanks=filling.blanks(text),
        files=files,
    )


def _checked(reply: CannedReply) -> str:
    if reply.checked_at is None:
        return ""
    day = named(timezone.localtime(reply.checked_at), "j F")
    if reply.checked_by is None:
        words = _("Verificata il %(day)s") % {"day": day}
    else:
        words = _("Verificata da %(name)s il %(day)s") % {
            "name": isolated(reply.checked_by.get_short_name()),
            "day": day,
        }
    if reply.check_by is not None:
        words += " · " + _("da rivedere entro il %(day)s") % {"day": named(reply.check_by, "j F Y")}
    return words


def overdue(reply: CannedReply) -> str:
    """That the day has passed by which somebody should have looked; "" before it."""
    if reply.check_by is None or reply.check_by >= timezone.localdate():
        return ""
    return _("da rivedere: la verifica è scaduta il %(day)s") % {"day": named(reply.check_by, "j F Y")}


def count_use(pk: int) -> None:
    CannedReply.objects.filter(pk=pk).update(used=F("used") + 1, used_at=timezone.now())


PROVIDER = Provider("reply", offer, count_use)
