# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing one copy of an update over to its outlet. Every step may be repeated without a second effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience import subscribers
from arengo.channel.board import publish_post
from arengo.channel.items import Item as PostItem
from arengo.core.images import PictureBusy, PictureRefused
from arengo.core.live import announce
from arengo.delivery import outbox
from arengo.delivery.models import Fanout, Sender
from arengo.newsroom.carrying import carrier, message, takes_picture
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Outlet, Placement, Update
from arengo.newsroom.pictures import mime_type
from arengo.newsroom.templates import Unfit, reason_of
from arengo.platforms.calls import call
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.registry import platform

LATER = gettext_lazy("WhatsApp non risponde. Arengo ha riprovato più volte: riprova tu fra qualche minuto.")
OUR_ERROR = gettext_lazy(
    "Un errore di Arengo ha interrotto l’invio: è nel registro del server. Riprova più tardi."
)
_CHUNK = 1000  # recipients between two looks at whether somebody stopped the mailing
_PASSING = (Remedy.RETRY, Remedy.RETRY_LATER)

T = TypeVar("T")


class NotNow(Exception):
    """The platform was busy or out of reach: the same again later."""

    def __init__(self, words: str) -> None:
        super().__init__("the platform was busy")
        self.words = words


class Unsendable(Exception):
    """It will not go without somebody mending something; ``words`` say what."""

    def __init__(self, words: str) -> None:
        super().__init__("the copy cannot be handed over")
        self.words = words


def place(placement: Placement, update: Update) -> None:
    if placement.outlet == Outlet.CHANNEL:
        _to_channel(placement, update)
    else:
        _to_list(placement, update)


# --- the public channel ---------------------------------------------------------------------------------------


def _to_channel(placement: Placement, update: Update) -> None:
    items = [PostItem(text=item.text, url=item.url) for item in update.items.all()]
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
            raise Unsendable(_("L'immagine non si legge più: sceglila di nuovo.")) from unreadable
    placement.post = post
    _done(placement, update)


# --- the list -------------------------------------------------------------------------------------------------


def _to_list(placement: Placement, update: Update) -> None:
    sender = update.sender
    if sender is None:
        raise Unsendable(_("Il mittente non c'è più."))
    fanout = placement.fanout or _opened(placement, update, sender)
    marketing = update.urgency.is_marketing
    for addresses in _chunks(subscribers.subscribed(sender, marketing=marketing), _CHUNK):
        outbox.fill(fanout, addresses)
        announce(update.organization_id, update.topic)
        if Fanout.objects.filter(pk=fanout.pk, stopped_at__isnull=False).exists():
            outbox.stop_fanout(fanout)  # for the rows that came in while somebody pressed «Ferma»
            break
    outbox.close_fanout(fanout)
    placement.spared = subscribers.stopped_count(sender) if marketing else 0
    _done(placement, update)


def _opened(placement: Placement, update: Update, sender: Sender) -> Fanout:
    """The mailing of this placement, made once: a second call finds it."""
    draft = draft_of(update)
    template = carrier(draft, sender)
    if isinstance(template, Unfit):
        raise Unsendable(template.words)
    if update.image and not placement.media_id and takes_picture(platform(sender.platform)):
        _upload(placement, update, sender)
    outgoing = message(draft, template, media_id=placement.media_id)
    with transaction.atomic():
        locked: Placement = Placement.objects.select_for_update(of=("self",), no_key=True).get(
            pk=placement.pk
        )
        if locked.fanout is None:
            try:
                locked.fanout = outbox.open_fanout(
                    sender,
                    outgoing,
                    urgency=update.urgency,
                    price_category=template.category.lower(),
                    topic=update.topic,
                    due_at=update.sent_at,
                )
            except outbox.UnfitMessage as unfit:
                raise Unsendable(" ".join(unfit.problems)) from unfit
            locked.save(update_fields=["fanout"])
    placement.fanout = locked.fanout
    return locked.fanout


def _upload(placement: Placement, update: Update, sender: Sender) -> None:
    with update.image.open("rb") as stored:
        content = stored.read()
    kind = mime_type(update.image.name or "")
    filename = "immagine.png" if kind == "image/png" else "immagine.jpg"
    try:
        placement.media_id = call(
            sender.platform,
            lambda speaks, http: speaks.upload(http, sender.credentials, content, kind, filename),
            within=60,
        )
    except Refusal as refusal:
        words = _("L'immagine non è arrivata a %(platform)s: %(reason)s") % {
            "platform": sender.words.name,
            "reason": reason_of(sender, refusal),
        }
        raise (NotNow if refusal.remedy in _PASSING else Unsendable)(words) from refusal
    placement.save(update_fields=["media_id"])


def _done(placement: Placement, update: Update) -> None:
    placement.state, placement.problem, placement.done_at = Placement.State.DONE, "", timezone.now()
    placement.save(update_fields=["state", "problem", "done_at", "post", "fanout", "spared"])
    announce(update.organization_id, update.topic)


def _chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk
