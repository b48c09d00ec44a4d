# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff see of a sender's templates: one row a purpose, the worst of its presets first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Price, Sender
from arengo.delivery.prices.pricing import price_on
from arengo.delivery.templates import filling
from arengo.delivery.templates.components import components_of
from arengo.delivery.templates.fitting import Standing, not_approved, rejection_words, standing, state_words
from arengo.delivery.templates.presets import Preset, Purpose, registered

_WORST_FIRST = list(Standing)
_USABLE = (Standing.APPROVED, Standing.MOVED, Standing.OUTDATED)
_STALE = (Standing.BROKEN, Standing.OUTDATED)
_RENEWABLE = (Standing.UNUSABLE, Standing.REJECTED, Standing.BROKEN, Standing.OUTDATED)

# The look of a standing, and its words.
_LOOKS: dict[Standing, tuple[str, str | Promise]] = {
    Standing.UNUSABLE: ("danger", gettext_lazy("Non utilizzabile")),
    Standing.REJECTED: ("danger", gettext_lazy("Rifiutato")),
    Standing.BROKEN: ("danger", gettext_lazy("Da rifare")),
    Standing.MISSING: ("warning", gettext_lazy("Manca")),
    Standing.PAUSED: ("warning", gettext_lazy("In pausa")),
    Standing.WAITING: ("info", gettext_lazy("In attesa di Meta")),
    Standing.OUTDATED: ("warning", gettext_lazy("Da rifare")),
    Standing.MOVED: ("warning", gettext_lazy("Cambiato tipo")),
    Standing.APPROVED: ("success", gettext_lazy("Approvato")),
}
_KINDS: dict[str, str | Promise] = {
    "MARKETING": gettext_lazy("Promozione"),
    "UTILITY": gettext_lazy("Servizio"),
    "AUTHENTICATION": gettext_lazy("Codice di accesso"),
}


def kind_words(category: str) -> str:
    """A category in plain words; one that we do not know as the platform writes it."""
    return str(_KINDS.get(category.upper(), category))


@dataclass(frozen=True)
class Form:
    """One preset at one sender. ``trouble``: what is the matter and what to do, empty when nothing is."""

    preset: Preset
    template: MessageTemplate | None
    standing: Standing
    trouble: str
    shown: filling.Shown

    @property
    def look(self) -> str:
        return _LOOKS[self.standing][0]

    @property
    def words(self) -> str:
        return str(_LOOKS[self.standing][1])

    @property
    def category(self) -> str:
        """The platform's, once it has the template: that is what it is billed as."""
        return (self.template.category if self.template else "") or self.preset.category.value

    @property
    def usable(self) -> bool:
        return self.standing in _USABLE

    @property
    def renewable(self) -> bool:
        return self.standing in _RENEWABLE

    @property
    def renew_id(self) -> str:
        """Of the question before it is made anew, on the page."""
        return f"renew-{self.template.pk}" if self.template else ""


@dataclass(frozen=True)
class Row:
    """``price`` None: nobody set one for today."""

    purpose: Purpose
    forms: list[Form]
    price: Price | None

    @property
    def worst(self) -> Form:
        return min(self.forms, key=lambda form: _WORST_FIRST.index(form.standing))

    @property
    def usable(self) -> int:
        return sum(form.usable for form in self.forms)

    @property
    def category(self) -> str:
        return self.worst.category

    @property
    def kind(self) -> str:
        return kind_words(self.category)

    @property
    def stale(self) -> str:
        """What no longer says what we would say, and what follows from it; empty when all do."""
        return next((form.trouble for form in self.forms if form.standing in _STALE), "")

    @property
    def troubles(self) -> list[str]:
        return list(dict.fromkeys(form.trouble for form in self.forms if form.trouble))


@dataclass(frozen=True)
class OfSender:
    """``others``: what the number has beside our presets. ``synced_at``: when the platform's list was read last."""

    sender: Sender
    rows: list[Row]
    others: list[Other]
    synced_at: datetime | None

    @property
    def missing(self) -> int:
        return sum(form.standing is Standing.MISSING for row in self.rows for form in row.forms)

    @property
    def to_renew(self) -> list[Row]:
        return [row for row in self.rows if row.stale]


@dataclass(frozen=True)
class Other:
    """A template that no room asks for; ``words`` is its state."""

    template: MessageTemplate
    look: str
    words: str
    shown: filling.Shown

    @property
    def kind(self) -> str:
        return kind_words(self.template.category)

    @property
    def reason(self) -> str:
        """Why the platform refused it, in words; "" where it did not."""
        return rejection_words(self.template)


def of_sender(organization: Organization, sender: Sender) -> OfSender:
    """Three questions of the database and one for each category's price, however many templates there are."""
    kept = list(MessageTemplate.objects.filter(sender=sender).order_by("name", "language"))
    for each in kept:
        each.sender = sender  # it is at hand: nobody asks for it again
    by_name = {(each.name, each.language): each for each in kept}
    presets = registered()
    forms = [_form(each, by_name.get((each.name, each.language)), organization) for each in presets]
    ours = {(each.name, each.language) for each in presets}
    others = [_other(each) for each in kept if (each.name, each.language) not in ours]
    synced = max((each.synced_at for each in kept), default=None)
    return OfSender(sender, _rows(forms, organization), others, synced)


def _rows(forms: Iterable[Form], organization: Organization) -> list[Row]:
    by_purpose: dict[str, list[Form]] = {}
    for form in forms:
        by_purpose.setdefault(form.preset.purpose.key, []).append(form)
    today = timezone.now().astimezone(organization.zone).date()
    prices: dict[str, Price | None] = {}
    rows = []
    for group in by_purpose.values():
        row = Row(group[0].preset.purpose, group, None)
        if row.category not in prices:
            prices[row.category] = price_on(row.category, today)
        rows.append(Row(row.purpose, group, prices[row.category]))
    return rows


def _form(preset: Preset, template: MessageTemplate | None, organization: Organization) -> Form:
    stands = standing(preset, template, organization)
    components = template.components if template else components_of(preset, organization)
    return Form(
        preset, template, stands, _trouble(stands, template), filling.shown(components, preset.examples)
    )


def _trouble(stands: Standing, template: MessageTemplate | None) -> str:
    if template is None or stands is Standing.APPROVED:
        return ""
    if stands is Standing.BROKEN:
        return _(
            "«%(name)s» su WhatsApp non ha i campi o i pulsanti che Arengo compila: finché non è rifatto, Arengo non lo usa."
        ) % {"name": template.name}
    if stands is Standing.OUTDATED:
        return _(
            "«%(name)s» funziona, ma dice altre parole: il nome dell’ente, la parola per cancellarsi o il testo di Arengo "
            "sono cambiati dopo l’approvazione."
        ) % {"name": template.name}
    if stands is Standing.MOVED:
        return _("Meta considera «%(name)s» come %(kind)s: si paga il prezzo di quel tipo.") % {
            "name": template.name,
            "kind": kind_words(template.category),
        }
    return not_approved(template).words


def _other(template: MessageTemplate) -> Other:
    if template.status == "APPROVED":
        look, words = _LOOKS[Standing.APPROVED]
    else:
        waiting = not_approved(template).waiting
        look, words = ("info" if waiting else "danger", state_words(template))
    return Other(template, look, str(words), filling.unfilled(template.components))
