# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The road out: who sends, what is sent, one row a recipient."""

from __future__ import annotations

import secrets
from decimal import Decimal

import msgspec
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, OpaqueField, SealedField
from arengo.core.vault import vault
from arengo.delivery.copies import Copy as Copy
from arengo.delivery.limit_models import (
    Heard as Heard,
    Inbound as Inbound,
    Reached as Reached,
    tenant_without_index,
)
from arengo.delivery.timeline.models import Timeline as Timeline, TimelineRead as TimelineRead
from arengo.delivery.urgency import Urgency as Urgency
from arengo.platforms.contract import Credentials

MESSAGE_ID = "message_id"  # the vault's purpose for platforms' message ids


def _hook_key() -> str:
    return secrets.token_urlsafe(24)


class Sender(TenantModel):
    """Mittente: one number on one platform, with the way to its provider. Credentials are sealed."""

    class State(models.TextChoices):
        ACTIVE = "active", _("attivo")
        STOPPED = "stopped", _("fermo")

    platform = models.CharField(max_length=20, default="whatsapp")
    name = models.CharField(_("nome"), max_length=100)
    display_phone = models.CharField(_("numero"), max_length=40, blank=True)
    credentials_sealed = SealedField(purpose="credentials")
    number_id = models.CharField(max_length=60, blank=True, editable=False)  # of the credentials
    hook_key = models.CharField(max_length=64, unique=True, default=_hook_key, editable=False)
    rate = models.PositiveIntegerField(_("messaggi al secondo"), default=80)  # Meta: 80, 1,000 or 20 a number
    # How many people the platform lets the whole account reach in 24 hours (delivery/tier.py); None: as many as it likes.
    tier = models.PositiveIntegerField(_("persone al giorno"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_code = models.IntegerField(default=0)
    stop_reason = models.TextField(blank=True)
    resumed_at = models.DateTimeField(
        null=True, blank=True
    )  # a person mended it: what failed before then is no news
    epoch = models.BigIntegerField(default=0)  # fencing: grows with each new owner
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("mittente")
        verbose_name_plural = _("mittenti")

    def __str__(self) -> str:
        return self.name

    @property
    def credentials(self) -> Credentials:
        return msgspec.json.decode(
            vault().open(self.credentials_sealed, purpose="credentials"), type=Credentials
        )

    @credentials.setter
    def credentials(self, credentials: Credentials) -> None:
        self.number_id = credentials.number_id
        self.credentials_sealed = vault().seal(msgspec.json.encode(credentials), purpose="credentials")


class MessageTemplate(TenantModel):
    """Modello: a message that the platform approved, as it lists it."""

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="templates")
    template_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=15)
    category = models.CharField(max_length=20)  # MARKETING | UTILITY | AUTHENTICATION
    status = models.CharField(max_length=30)  # APPROVED, PENDING, REJECTED, PAUSED …
    reason = models.CharField(max_length=300, blank=True)
    parameter_format = models.CharField(max_length=12, default="positional")
    components = models.JSONField(default=list)
    synced_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["sender", "name", "language"], name="delivery_template_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Price(TenantModel):
    """What one message of a category costs, from a day on. The organization's own setting: rates differ by provider."""

    category = models.CharField(max_length=20)  # marketing | utility | authentication | service
    amount = models.DecimalField(_("prezzo a messaggio"), max_digits=8, decimal_places=5)
    currency = models.CharField(max_length=3, default="USD")
    free_per_month = models.PositiveIntegerField(_("gratuiti al mese"), default=0)
    valid_from = models.DateField()
    source = models.CharField(_("fonte"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "category", "valid_from"], name="delivery_price_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=Decimal(0)), name="delivery_price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.amount} {self.currency}"


class Fanout(TenantModel):
    """Invio: one mailing. Its counters are moved in bulk, by the dispatcher and by receipts, never a recipient at a time."""

    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="fanouts")
    urgency = models.SmallIntegerField(choices=Urgency, default=Urgency.NEWS)
    outgoing = OpaqueField(because="contract.Outgoing as JSON: the same for everyone, no personal data")
    price_category = models.CharField(max_length=20)
    topic = models.CharField(max_length=80)  # the live topic of its screen
    created_at = models.DateTimeField(auto_now_add=True)
    filled_at = models.DateTimeField(null=True)  # when all its deliveries were in the outbox
    stopped_at = models.DateTimeField(null=True)
    withheld_at = models.DateTimeField(
        null=True
    )  # until a person decides (delivery/timeline); stays if it was dropped
    total = models.IntegerField(default=0)
    n_accepted = models.IntegerField(default=0)
    n_delivered = models.IntegerField(default=0)
    n_read = models.IntegerField(default=0)
    n_failed = models.IntegerField(default=0)
    n_unknown = models.IntegerField(default=0)
    n_cancelled = models.IntegerField(default=0)
    n_waiting = models.IntegerField(default=0)  # rows of the outbox: not decided yet
    first_accepted_at = models.DateTimeField(null=True)
    last_accepted_at = models.DateTimeField(null=True)
    # Its deliveries lie between these ids, among those of others: so they are taken away in the order in which they lie.
    first_delivery = models.BigIntegerField(null=True)
    last_delivery = models.BigIntegerField(null=True)
    # Retention (delivery/retention.py): from ``forgotten_at`` on, only the counters and the reasons speak; its deliveries
    # go, and at ``emptied_at`` none is left.
    forgotten_at = models.DateTimeField(null=True)
    reasons = models.JSONField(null=True)  # [[code, how many, the platform's own words], …]
    emptied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["id"], name="delivery_fanout_kept", condition=models.Q(emptied_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"fanout {self.pk}"


class DeliveryState(models.IntegerChoices):
    """In the order in which a delivery may move: only forward, whatever order receipts come in.

    A delivery on its way is still QUEUED here: claims are kept in the :class:`Outbox`.
    """

    QUEUED = 0, _("in coda")
    WITHHELD = 5, _("trattenuto")  # single messages; of a mailing the mailing says it (delivery/timeline)
    UNCERTAIN = 15, _("esito incerto")
    UNKNOWN = 17, _("esito sconosciuto")
    ACCEPTED = 20, _("accettato")
    SENT = 30, _("inviato")
    DELIVERED = 40, _("consegnato")
    READ = 50, _("letto")
    FAILED = 90, _("non riuscito")
    CANCELLED = 95, _("annullato")


class Delivery(TenantModel):
    """Consegna: one message to one address, from the moment it is wanted to the last receipt.

    Written and moved by hand-made SQL (``delivery/sql``). Its id, as text, is the opaque data sent with the message.
    No index mentions ``state`` or a time that receipts set: PostgreSQL then moves a row within its page (HOT) and touches
    no index, up to three times a message. Whoever looks for work looks in the small :class:`Outbox`.
    """

    # The database checks the mailing of each row; its organization and sender are the mailing's, written by the same
    # statement: checking them again would cost a third of all that filling costs.
    organization = tenant_without_index(checked=False)
    sender = models.ForeignKey(
        Sender, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    fanout = models.ForeignKey(
        Fanout, on_delete=models.CASCADE, null=True, related_name="deliveries", db_index=False
    )
    urgency = models.SmallIntegerField(choices=Urgency, default=Urgency.REPLY)
    address_sealed = SealedField(purpose="address")
    address_hash = LookupField(max_length=32)  # vault().lookup(address.key): once a fanout
    outgoing_sealed = SealedField(purpose="outgoing", null=True)  # None: the fanout's
    topic = models.CharField(max_length=80, blank=True)  # live topic of the screen that shows it
    state = models.SmallIntegerField(choices=DeliveryState, default=DeliveryState.QUEUED)
    # The platform's message id holds the recipient's number at WhatsApp. All deliveries are found by its keyed hash
    # (receipts that do not bring our id back); of single messages it is kept, sealed, to be quoted.
    message_hash = LookupField(max_length=16, null=True)
    message_sealed = SealedField(purpose=MESSAGE_ID, null=True)
    code = models.IntegerField(default=0)
    reason = models.TextField(blank=True)  # the platform's own words
    price_category = models.CharField(max_length=30, blank=True)
    billable = models.BooleanField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            # A mailing's entries lie together: an index of all message ids alone is written at random over its whole
            # length, and after 50 million rows that made a result twelve times as slow. Four bytes tell enough apart.
            models.Index(
                models.F("fanout"),
                models.Func(models.F("message_hash"), models.Value(1), models.Value(4), function="substring"),
                name="delivery_by_hash",
                condition=models.Q(fanout__isnull=False, message_hash__isnull=False),
            ),
            models.Index(
                fields=["message_hash"],
                name="delivery_single_by_hash",
                condition=models.Q(fanout__isnull=True, message_hash__isnull=False),
            ),
            models.Index(
                fields=["address_hash"], name="delivery_single", condition=models.Q(fanout__isnull=True)
            ),
            models.Index(
                fields=["sender", "created_at"],
                name="delivery_singles",
                condition=models.Q(fanout__isnull=True),
            ),
            models.Index(
                fields=["topic"], name="delivery_of_screen", condition=models.Q(fanout__isnull=True)
            ),
            models.Index(
                fields=["created_at"],
                name="delivery_to_forget",
                condition=models.Q(fanout__isnull=True) & ~models.Q(address_sealed=b""),
            ),
            models.Index(
                fields=["fanout", "code"],
                name="delivery_failures",
                condition=models.Q(failed_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fanout", "address_hash"],
                name="delivery_once",
                condition=models.Q(fanout__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def message_id(self) -> str:
        """By which the platform knows a single message; empty before it accepts it, once forgotten, and of mailings."""
        return vault().open_text(self.message_sealed, purpose=MESSAGE_ID) if self.message_sealed else ""


class OutboxState(models.IntegerChoices):
    READY = 0
    LATER = 5  # until ``not_before``
    CLAIMED = 10  # by the owner of ``claim_epoch``: perhaps on its way
    UNCERTAIN = 15  # perhaps sent; its receipt decides, or patience ends
    WITHHELD = 20  # from before a step back of the database: a person decides (delivery/timeline)


class Outbox(TenantModel):
    """What still has to leave, or to be decided: one small row a delivery, gone as soon as the outcome is known.

    Whoever locks both locks the delivery first and its row here after it.
    """

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="waiting", db_constraint=False
    )
    organization = tenant_without_index(checked=False)
    sender = models.ForeignKey(
        Sender, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    fanout = models.ForeignKey(
        Fanout, on_delete=models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    urgency = models.SmallIntegerField(choices=Urgency)
    state = models.SmallIntegerField(choices=OutboxState, default=OutboxState.READY)
    not_before = models.DateTimeField(default=timezone.now)
    attempts = models.SmallIntegerField(default=0)
    claim_epoch = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    held = models.BooleanField(db_default=False)  # LATER because today's people are used up (tier.py)

    class Meta(TenantModel.Meta):
        indexes = [
            # «+ 0» is nothing to a number and all to the planner: this order only this index can give (claim.sql).
            models.Index(
                models.F("sender"),
                models.F("urgency"),
                models.ExpressionWrapper(
                    models.F("delivery") + models.Value(0), output_field=models.BigIntegerField()
                ),
                name="outbox_ready",
                condition=models.Q(state=0),
            ),
            models.Index(fields=["sender", "not_before"], name="outbox_later", condition=models.Q(state=5)),
            models.Index(
                fields=["sender", "state", "delivery"],
                name="outbox_claimed",
                condition=models.Q(state__in=[10, 15]),
            ),
            models.Index(
                fields=["organization", "fanout"], name="outbox_withheld", condition=models.Q(state=20)
            ),
        ]

    def __str__(self) -> str:
        return f"outbox {self.pk}"


class SecondTry(TenantModel):
    """A delivery that the platform would not take that day and that goes once more: once, whatever is reported again."""

    organization = tenant_without_index()
    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="second_try", db_constraint=False
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["at"], name="delivery_secondtry_at")]

    def __str__(self) -> str:
        return f"second try of {self.pk}"
