# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a line of the log keeps beside its verb and its object, in words. Those are their rooms' (``core.log_entries``)."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from arengo.core.models import AuditEntry, Role

ROOMS = (
    ("desk", _("lo sportello")),
    ("newsroom", _("la redazione")),
    ("channel", _("il canale")),
    ("audience", _("gli iscritti")),
    ("delivery", _("mittenti, modelli, prezzi")),
    ("intake", _("la posta in arrivo")),
    ("accounts", _("gli accessi")),
    ("core", _("l’ente e il personale")),
)
# Details that hold a person's id.
PEOPLE = ("person", "to")
_DETAILS = {
    "after": _("dopo"),
    "before": _("prima"),
    "category": _("categoria"),
    "changed": _("che cosa"),
    "code": _("codice"),
    "codes": _("codici"),
    "count": _("quanti"),
    "factor": _("quale"),
    "kind": _("quale"),
    "message": _("messaggio"),
    "names": _("quali"),
    "not_sent": _("non partiti, con ogni probabilità"),
    "only_not_sent": _("solo quelli"),
    "outlet": _("dove"),
    "proved": _("indirizzo verificato"),
    "outlets": _("dove"),
    "person": _("persona"),
    "recipients": _("destinatari"),
    "reason": _("motivo"),
    "roles": _("ruoli"),
    "to": _("a"),
    "topics": _("temi"),
    "unknown": _("esito sconosciuto"),
    "version": _("versione"),
    "worked": _("riuscito"),
}
_VALUES = {
    "recovery_codes": _("codici di riserva"),
    "totp": _("app per i codici"),
    "webauthn": _("passkey"),
    "privacy": _("informativa"),
    "rules": _("regole"),
    "channel": _("canale pubblico"),
    "list": _("lista WhatsApp"),
    "True": _("sì"),
    "False": _("no"),
    **{role.value: role.label for role in Role},
}


def detail_words(entry: AuditEntry, people: Mapping[int, str]) -> str:
    """What the line keeps, each part with its name: «prima: Revisore; dopo: Redattore». ``people``: names by id."""
    return "; ".join(
        f"{_DETAILS.get(name, name)}: {people.get(value, value) if name in PEOPLE else _value(entry, name, value)}"
        for name, value in entry.detail.items()
        if value not in ("", None, [])
    )


def _value(entry: AuditEntry, name: str, value: object) -> str:
    values = value if isinstance(value, list) else [value]
    if name == "changed":
        return ", ".join(_field(entry.object_type, str(each)) for each in values)
    return ", ".join(str(_VALUES.get(str(each), each)) for each in values)


def _field(model: str, name: str) -> str:
    """A field as its form calls it."""
    try:
        field = apps.get_model(model)._meta.get_field(name)  # noqa: SLF001  # Django's own, documented interface
        return str(field.verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return name
