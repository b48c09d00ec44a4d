# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailing of an update: opened once, filled in pieces. Every step may be repeated without a second effect."""

from __future__ import annotations

from itertools import islice

from django.db import transaction

from arengo.core import outside
from arengo.core.live import announce
from arengo.core.sentences import gettext as _, joined
from arengo.delivery.models import Fanout, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending.refusal_words import in_words
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.kinds.base.contract import Kind
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import NotNow, Placed, Unsendable
from arengo.newsroom.outlets.whatsapp_list.carrying import carrier, message, takes_picture
from arengo.newsroom.outlets.whatsapp_list.recipients import kept, of_draft, of_mailing
from arengo.newsroom.pictures import mime_type
from arengo.platforms.calls import call
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.registry import platform

_CHUNK = 1000  # recipients between two looks at whether somebody stopped the mailing
_PASSING = (Remedy.RETRY, Remedy.RETRY_LATER)


def mailing_of(placement: Placement) -> Fanout | None:
    """With its sender; None as long as it was not opened."""
    found: Fanout | None = (
        Fanout.objects.select_related("sender").filter(pk=outside.whole(placement.reference)).first()
    )
    return found


def place(placement: Placement) -> Placed:
    """Hands the mailing over: opened once, filled a thousand recipients at a time, each in its own transaction, then closed.

    Called again it goes on with the mailing of the first time; who is in it already is in it once.
    """
    update = placement.update
    sender = update.sender
    if sender is None:
        raise Unsendable(_("Il mittente non c'è più."))
    kind = kinds.of(update.kind)
    fanout = mailing_of(placement) or _opened(placement, sender, kind)
    recipients = of_mailing(placement, fanout)
    left = recipients.addresses()
    while addresses := list(islice(left, _CHUNK)):
        outbox.fill(fanout, addresses)
        announce(update.organization_id, update.topic)
        if Fanout.objects.filter(pk=fanout.pk, stopped_at__isnull=False).exists():
            outbox.stop_fanout(fanout)  # for the rows that came in while somebody pressed «Ferma»
            break
    outbox.close_fanout(fanout)
    reach = recipients.reach()
    return Placed(
        reference=str(fanout.pk),
        detail={
            "spared": reach.stopped,
            "other_topics": reach.other_topics,
            "other_quarters": reach.other_quarters,
            "other_frequency": reach.other_frequency,
        },
    )


def _opened(placement: Placement, sender: Sender, kind: Kind) -> Fanout:
    """The mailing of this placement, made once: a second call finds it."""
    update = placement.update
    draft = draft_of(update)
    template = carrier(kind, draft, sender)
    if isinstance(template, Unfit):
        raise Unsendable(template.words)
    media_id = placement.detail.get("media_id", "")
    if update.image and not media_id and takes_picture(platform(sender.platform)):
        media_id = _uploaded(placement, sender)
    outgoing = message(kind, draft, template, media_id=media_id)
    with transaction.atomic():
        locked: Placement = Placement.objects.select_for_update(of=("self",), no_key=True).get(
            pk=placement.pk
        )
        fanout = mailing_of(locked)
        if fanout is None:
            try:
                fanout = outbox.open_fanout(
                    sender,
                    outgoing,
                    urgency=kind.urgency,
                    price_category=template.category.lower(),
                    topic=update.topic,
                    due_at=update.sent_at,
                )
            except outbox.UnfitMessage as unfit:
                raise Unsendable(joined(unfit.problems)) from unfit
            locked.reference = str(fanout.pk)
            locked.detail = {**locked.detail, **kept(of_draft(draft, sender))}
            locked.save(update_fields=["reference", "detail"])
    placement.reference, placement.detail = locked.reference, locked.detail
    return fanout


def _uploaded(placement: Placement, sender: Sender) -> str:
    """The image, as the platform holds it."""
    update = placement.update
    with update.image.open("rb") as stored:
        content = stored.read()
    kind = mime_type(update.image.name or "")
    filename = "immagine.png" if kind == "image/png" else "immagine.jpg"
    try:
        media_id: str = call(
            sender.platform,
            lambda speaks, http: speaks.upload(http, sender.credentials, content, kind, filename),
            within=60,
        )
    except Refusal as refusal:
        words = _("L'immagine non è arrivata a %(platform)s: %(reason)s") % {
            "platform": sender.words.name,
            "reason": in_words(sender, refusal),
        }
        raise (NotNow if refusal.remedy in _PASSING else Unsendable)(words) from refusal
    placement.detail = {**placement.detail, "media_id": media_id}
    placement.save(update_fields=["detail"])
    return media_id
