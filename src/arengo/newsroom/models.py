# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the town says, and where each copy of it went."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arengo.core.chat_text import to_plain
from arengo.core.scope import TenantModel
from arengo.core.sentences import SentenceField

DEFAULT_KIND = "news"  # what a draft is where nobody chose
MOST_ITEMS = 4  # the memo of four flash news that the towns send


class Update(TenantModel):
    """Aggiornamento. A draft may be incomplete or too long, so its texts have no limit here: ``checking`` says what
    must change before it goes.

    ``version`` grows with each saved change: who saves an older one than is stored learns that somebody was faster.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("bozza")
        SENDING = "sending", _("in partenza")
        PUBLISHED = "published", _("pubblicato")

    kind = models.CharField(max_length=40, default=DEFAULT_KIND)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.TextField(_("titolo"), blank=True)
    content = models.JSONField(default=dict, blank=True)  # what else its kind says (Kind.content)
    image = models.FileField(_("immagine"), upload_to="newsroom/", blank=True)
    image_alt = models.TextField(_("descrizione dell'immagine"), blank=True)
    outlets = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("dove esce"))
    # Ids of audience.Topic, none: everybody. No foreign keys: a topic that is deleted must stop a draft, not make it go to all.
    topics = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("temi"))
    topic_names = ArrayField(models.TextField(), default=list, blank=True)  # as they were when it was sent
    # Likewise ids of audience.Quarter; none: the whole town.
    quarters = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("quartieri"))
    quarter_names = ArrayField(models.TextField(), default=list, blank=True)
    sender = models.ForeignKey("delivery.Sender", on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # when somebody pressed «Invia»
    published_at = models.DateTimeField(null=True)  # when every copy was handed over
    publish_key = models.CharField(max_length=40, blank=True)  # of the page on which «Invia» was pressed
    problem = SentenceField(blank=True)  # why it came back among the drafts
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True)  # put away: in no list but that of the archive
    reminded_at = models.DateTimeField(null=True)  # when somebody was told by mail that it waits; once
    # The key of the page on which it was begun; "" where there was none. What that page sends twice makes one draft.
    born_as = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        verbose_name = _("aggiornamento")
        verbose_name_plural = _("aggiornamenti")
        indexes = [
            models.Index(fields=["organization", "state", "-edited_at"], name="newsroom_update_recent"),
            models.Index(fields=["organization", "-sent_at", "-id"], name="newsroom_update_sent"),
            models.Index(
                fields=["organization", "-archived_at"],
                name="newsroom_update_archived",
                condition=models.Q(archived_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "born_as"],
                name="newsroom_update_born_once",
                condition=~models.Q(born_as=""),
            )
        ]

    def __str__(self) -> str:
        return to_plain(self.title) or str(_("Senza titolo"))

    def get_absolute_url(self) -> str:
        name = "newsroom:edit" if self.is_draft else "newsroom:update"
        return reverse(name, args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def shown_at(self) -> datetime | None:
        """When it went, for previews of what was sent; None of a draft, whose preview shows the present clock."""
        return None if self.is_draft else self.sent_at

    @property
    def topic(self) -> str:
        """The live topic of its screens."""
        return f"update:{self.pk}"


class Rubric(models.TextChoices):
    """What an item of a digest is about. ``sign``: it stands before its words, wherever they are read."""

    EVENT = "event", _("Appuntamento")
    USE = "use", _("Utilità")

    @property
    def sign(self) -> str:
        return {Rubric.EVENT: "📅", Rubric.USE: "ℹ️"}[self]


class Item(TenantModel):
    """Notizia flash: a few words and the official page that has the rest. ``rubric``: of kinds that tell their items apart."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("testo"))
    url = models.TextField(_("collegamento"), blank=True)
    rubric = models.CharField(max_length=10, choices=Rubric, blank=True, db_default="")

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["update", "position"], name="newsroom_item_position"),
            models.CheckConstraint(
                condition=models.Q(position__gte=1, position__lte=MOST_ITEMS), name="newsroom_item_few"
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"


class Placement(TenantModel):
    """Pubblicazione: the copy of an update at one outlet.

    ``reference``: what the outlet calls it (a mailing's or a post's id, an id of another system); ``url``: where people read
    it; ``detail``: what else the outlet keeps of it. ``key`` names it for who must not do it twice.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("in preparazione")
        PERSON = "person", _("aspetta una persona")
        DONE = "done", _("uscito")
        FAILED = "failed", _("non uscito")

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="placements")
    outlet = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reference = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    problem = SentenceField(blank=True)  # why it did not go out, in words for staff
    tries = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # to hand it over, since a person wanted it
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["update", "outlet"], name="newsroom_placement_once"),
        ]
        indexes = [models.Index(fields=["outlet", "reference"], name="newsroom_placement_reference")]

    def __str__(self) -> str:
        return f"placement {self.pk}"

    @property
    def key(self) -> str:
        return f"{self.update.topic}:{self.outlet}"
