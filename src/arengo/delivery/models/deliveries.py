# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is sent: one mailing, one row a recipient, for years."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, OpaqueField, SealedField
from arengo.core.vault import vault
from arengo.delivery.models.senders import Sender
from arengo.delivery.models.tenants import organization_key
from arengo.delivery.models.urgency import Urgency

MESSAGE_ID = "message_id"  # the vault's purpose for platforms' message ids


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
    # Until a person decides (delivery/timeline); stays if it was dropped.
    withheld_at = models.DateTimeField(null=True)
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
    no index, up to three times a message. Dispatchers look for work in the small :class:`Outbox`.
    """

    # The database checks the mailing of each row; its organization and sender are the mailing's, written by the same
    # statement: checking them again would cost a third of all that filling costs.
    organization = organization_key(checked=False)
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
