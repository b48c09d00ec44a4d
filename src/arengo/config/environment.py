# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every setting that comes from the environment, in one table.

``docs/manuale/gestione.md`` shows it to operators; ``tests/config/test_environment.py`` checks that both agree.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str  # in Italian: it is printed for operators


TABLE: tuple[Setting, ...] = (
    Setting("ARENGO_ENV", "development", "«production» attiva i controlli di sicurezza che fermano l'avvio"),
    Setting("ARENGO_DATA", "./data", "cartella dei dati: database incorporato, allegati, registri"),
    Setting("DATABASE_URL", "", "PostgreSQL esterno (16 o più); se manca, quello incorporato in ARENGO_DATA"),
    Setting("ARENGO_SECRET_KEY", "", "chiave di firma di sessioni e moduli, almeno 50 caratteri"),
    Setting(
        "ARENGO_VAULT_KEYS",
        "",
        "chiavi di cifratura «id:base64» separate da virgola; la prima cifra, le altre decifrano soltanto",
    ),
    Setting("ARENGO_PUBLIC_URL", "", "indirizzo pubblico, es. https://arengo.comune.example.it"),
    Setting(
        "ARENGO_HOSTS",
        "",
        "nomi host ammessi, separati da virgola, oltre a quello di ARENGO_PUBLIC_URL: anche quelli degli enti",
    ),
    Setting("ARENGO_PORT", "8000", "porta del sito e della console"),
    Setting("ARENGO_BIND", "127.0.0.1", "indirizzo su cui ascolta il sito"),
    Setting("ARENGO_WEB_PROCESSES", "1", "quanti processi web"),
    Setting("ARENGO_TRUSTED_PROXY", "no", "«sì» se davanti c'è un proxy che imposta X-Forwarded-Proto"),
    Setting(
        "ARENGO_EMAIL_URL",
        "",
        "posta in uscita: smtp://utente:password@host:587?tls=1; se manca, nel registro",
    ),
    Setting("ARENGO_EMAIL_FROM", "arengo@localhost", "mittente della posta in uscita"),
    Setting("ARENGO_JOURNAL_DAYS", "14", "giorni di conservazione dei webhook ricevuti (almeno 8)"),
    Setting(
        "ARENGO_DELIVERY_DAYS",
        "90",
        "giorni per cui si sa a chi è stato scritto e con quale esito (almeno 35); poi restano i totali",
    ),
    Setting(
        "ARENGO_REWRITE_MOST_MB",
        "512",
        "dopo un'eliminazione la notte riscrive le tabelle fino a questa grandezza, in MB; ognuna sta ferma al più un minuto",
    ),
    Setting(
        "ARENGO_METRICS_TOKEN",
        "",
        "parola d'accesso a /metrics (Prometheus), almeno 32 caratteri; se manca, /metrics non esiste",
    ),
    Setting(
        "ARENGO_CHAT_URL",
        "https://wa.me/",
        "indirizzo che apre una chat con un numero; la dimostrazione usa quello dei telefoni di prova",
    ),
    Setting(
        "ARENGO_ALLOWED_ADDRESSES",
        "",
        "indirizzi non pubblici a cui Arengo può collegarsi, separati da virgola: reti (10.1.0.0/16) o indirizzo e porta "
        "(10.1.2.3:8443); senza, soltanto indirizzi pubblici",
    ),
    Setting("SANDBOX_PORT", "8001", "porta dei telefoni di prova (solo dimostrazione)"),
    Setting("ARENGO_DEMO_PASSWORD", "", "password del personale di prova; se manca, a caso e stampata"),
    Setting("ARENGO_LANGUAGE", "it", "lingua della riga di comando: it o en"),
)

_DEFAULTS = {setting.name: setting.default for setting in TABLE}
_YES = {"1", "yes", "true", "sì", "si", "on"}


def value(name: str) -> str:
    """The setting's value, stripped; KeyError for a name that the table does not list."""
    return os.environ.get(name, "").strip() or _DEFAULTS[name]


def flag(name: str) -> bool:
    return value(name).lower() in _YES


def items(name: str) -> list[str]:
    return [item.strip() for item in value(name).split(",") if item.strip()]


def data_folder() -> Path:
    return Path(value("ARENGO_DATA")).expanduser().absolute()


def is_production() -> bool:
    return value("ARENGO_ENV") == "production"


def secret_key() -> str:
    """The configured key; in development without one, a key of this process only (sessions end with it)."""
    return value("ARENGO_SECRET_KEY") or ("" if is_production() else secrets.token_urlsafe(50))
