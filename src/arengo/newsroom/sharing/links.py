# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a link, opening it, and making it worth nothing."""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit, outside
from arengo.core.links import organization_url
from arengo.core.models import Organization, Person
from arengo.newsroom import writing
from arengo.newsroom.models import Update
from arengo.newsroom.sharing.models import PreviewLink

DAYS = (1, 3, 7)
MOST = 10  # that open one update at a time
_LONGEST = 200  # characters of what may be a token
_SIGNER = Signer(salt="arengo.newsroom.sharing")


class Refused(Exception):
    """Why, in words for who asked."""

    def __init__(self, words: str) -> None:
        super().__init__("the link was not made")
        self.words = words


def make(update_id: int, *, days: int, to: str = "", by: Person) -> PreviewLink:
    """Raises Refused where there are as many as there may be. Locks the update."""
    with transaction.atomic():
        update = writing.locked(update_id)
        if open_ones(update).count() >= MOST:
            words = _("Ci sono già %(n)d link aperti: revocane uno.")
            raise Refused(words % {"n": MOST})
        link: PreviewLink = PreviewLink.objects.create(
            organization_id=update.organization_id,
            update=update,
            to=to,
            made_by=by,
            expires_at=timezone.now() + timedelta(days=days),
        )
        audit.record(
            "newsroom.shared_preview",
            organization=update.organization_id,
            by=by,
            on=update,
            detail={"days": days},
        )
    return link


def revoke(link_id: int, *, by: Person) -> None:
    """The same again changes nothing."""
    with transaction.atomic():
        link = PreviewLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link_id)
        if link.revoked_at is not None:
            return
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        audit.record("newsroom.revoked_preview", organization=link.organization_id, by=by, on=link.update)


def open_ones(update: Update) -> QuerySet[PreviewLink]:
    found: QuerySet[PreviewLink] = PreviewLink.objects.filter(
        update=update, revoked_at=None, expires_at__gt=timezone.now()
    ).select_related("made_by")
    return found.order_by("-made_at", "-pk")


def address_of(link: PreviewLink, organization: Organization) -> str:
    return organization_url(organization, reverse("newsroom_preview:page", args=[_SIGNER.sign(str(link.pk))]))


def opened(token: str) -> PreviewLink | None:
    """None for one that nobody was given, that is over, or that was revoked. Of the scope's organization alone."""
    try:
        pk = outside.whole(_SIGNER.unsign(outside.text(token, most=_LONGEST)))
    except BadSignature:
        return None
    if pk is None:
        return None
    valid = PreviewLink.objects.filter(pk=pk, revoked_at=None, expires_at__gt=timezone.now())
    found: PreviewLink | None = valid.select_related("update").first()
    return found
