# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every setting that comes from the environment, in one table.

``docs/manuale/gestione.md`` shows it to operators; ``tests/config/test_environment.py`` checks that both agree.
"""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arengo.config import kinds
from arengo.config.kinds import Kind, _
from arengo.core.client_address import parse_trusted

PRODUCTION, DEVELOPMENT = "production", "development"
_LEAST_SECRET = 50  # characters
_LEAST_TOKEN = 32


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str  # in Italian: it is printed for operators
    kind: Kind = field(default_factory=kinds.Text)
    secret: bool = False  # never quoted, not even when it is wrong


@dataclass(frozen=True)
class Problem:
    """Why Arengo does not start (or what it should not be started with). ``words`` are Italian, with places for ``values``."""

    words: str
    values: Mapping[str, Any]

    def in_words(self, translate: Callable[[str], str] = str) -> str:
        """One line. A value that is a :class:`Problem` (what a kind allows) is told within it."""
        inner = {
            key: part.in_words(translate) if isinstance(part, Problem) else part
            for key, part in self.values.items()
        }
        return translate(self.words) % inner


TABLE: tuple[Setting, ...] = (
    Setting(
        "ARENGO_ENV",
        DEVELOPMENT,
        "«production» attiva i controlli di sicurezza che fermano l'avvio; se manca e ARENGO_PUBLIC_URL è https://, production",
        kinds.Choice((PRODUCTION, DEVELOPMENT)),
    ),
    Setting("ARENGO_DATA", "./data", "cartella dei dati: database incorporato, allegati, registri"),
    Setting(
        "DATABASE_URL",
        "",
        "PostgreSQL esterno (16 o più); se manca, quello incorporato in ARENGO_DATA",
        kinds.Database(),
        secret=True,
    ),
    Setting(
        "ARENGO_SECRET_KEY",
        "",
        "chiave di firma di sessioni e moduli, almeno 50 caratteri a caso",
        kinds.Secret(_LEAST_SECRET, always=False),
        secret=True,
    ),
    Setting(
        "ARENGO_VAULT_KEYS",
        "",
        "chiavi di cifratura «id:base64» separate da virgola; la prima cifra, le altre decifrano soltanto",
        kinds.VaultKeys(),
        secret=True,
    ),
    Setting("ARENGO_PUBLIC_URL", "", "indirizzo pubblico, es. https://arengo.comune.example.it", kinds.Url()),
    Setting(
        "ARENGO_HOSTS",
        "",
        "nomi host ammessi, separati da virgola, oltre a quello di ARENGO_PUBLIC_URL: anche quelli degli enti",
        kinds.Hosts(),
    ),
    Setting("ARENGO_PORT", "8000", "porta del sito e della console", kinds.Number(1, 65535)),
    Setting(
        "ARENGO_READERS_PORT",
        "",
        "porta di un processo web in più, a cui il proxy porta chi legge le pagine pubbliche; se manca, non c'è",
        kinds.Number(1, 65535),
    ),
    Setting("ARENGO_BIND", "127.0.0.1", "indirizzo su cui ascolta il sito", kinds.Bind()),
    Setting("ARENGO_WEB_PROCESSES", "1", "quanti processi web", kinds.Number(1, 64)),
    Setting(
        "ARENGO_TRUSTED_PROXY",
        "no",
        "indirizzi o reti dei proxy davanti, separati da virgola, cui credere per X-Forwarded-For e -Proto; "
        "«sì»: a chiunque si colleghi",
        kinds.Proxies(),
    ),
    Setting(
        "ARENGO_EMAIL_URL",
        "",
        "posta in uscita: smtp://utente:password@host:587?tls=1 o smtps://…; se manca, non parte",
        kinds.MailUrl(),
        secret=True,
    ),
    Setting("ARENGO_EMAIL_FROM", "arengo@localhost", "mittente della posta in uscita", kinds.Sender()),
    Setting(
        "ARENGO_JOURNAL_DAYS",
        "14",
        "giorni di conservazione dei webhook ricevuti (almeno 8)",
        kinds.Number(8, 3650),  # Meta repeats a webhook for 7 days
    ),
    Setting(
        "ARENGO_DELIVERY_DAYS",
        "90",
        "giorni per cui si sa a chi è stato scritto e con quale esito (almeno 35); poi restano i totali",
        kinds.Number(35, 36500),  # Meta tries for up to 30 days, and receipts come as long
    ),
    Setting(
        "ARENGO_REWRITE_MOST_MB",
        "512",
        "dopo un'eliminazione la notte riscrive le tabelle fino a questa grandezza, in MB; ognuna sta ferma al più un minuto",
        kinds.Number(1, 1_000_000),
    ),
    Setting(
        "ARENGO_METRICS_TOKEN",
        "",
        "parola d'accesso a /metrics (Prometheus), almeno 32 caratteri; se manca, /metrics non esiste",
        kinds.Secret(_LEAST_TOKEN, always=True),
        secret=True,
    ),
    Setting(
        "ARENGO_CHAT_URL",
        "https://wa.me/",
        "indirizzo che apre una chat con un numero; la dimostrazione usa quello dei telefoni di prova",
        kinds.Url(path=True),
    ),
    Setting(
        "ARENGO_ALLOWED_ADDRESSES",
        "",
        "indirizzi non pubblici a cui Arengo può collegarsi, separati da virgola: reti (10.1.0.0/16) o indirizzo e porta "
        "(10.1.2.3:8443); senza, soltanto indirizzi pubblici",
        kinds.Networks(),
    ),
    Setting(
        "ARENGO_CLAMD",
        "",
        "antivirus ClamAV che guarda ogni allegato: socket di clamd (/run/clamav/clamd.ctl) o host:porta; se manca, nessuno li guarda",
        kinds.Daemon(),
    ),
    Setting(
        "SANDBOX_PORT", "8001", "porta dei telefoni di prova (solo dimostrazione)", kinds.Number(1, 65535)
    ),
    Setting(
        "ARENGO_DEMO_PASSWORD",
        "",
        "password del personale di prova; se manca, a caso e stampata",
        secret=True,
    ),
    Setting("ARENGO_LANGUAGE", "it", "lingua della riga di comando: it o en", kinds.Choice(("it", "en"))),
)

_SETTINGS = {setting.name: setting for setting in TABLE}
# Read by our tests; said by `arengo demo` to its own processes.
_OUR_OWN = frozenset({"ARENGO_CHROMIUM", "ARENGO_SCREENSHOTS", "ARENGO_DEMO"})
_MOST_QUOTED = 60  # characters of a wrong value


def value(name: str) -> str:
    """The setting's value, stripped; KeyError for a name that the table does not list."""
    return _written(name) or _SETTINGS[name].default


def _written(name: str) -> str:
    return os.environ.get(name, "").strip()


def items(name: str) -> list[str]:
    return [item.strip() for item in value(name).split(",") if item.strip()]


def data_folder() -> Path:
    return Path(value("ARENGO_DATA")).expanduser().absolute()


def is_production() -> bool:
    """Anything but «development» or nothing at all; and nothing at all together with a public https address."""
    written = _written("ARENGO_ENV")
    return written != DEVELOPMENT if written else _is_https(_written("ARENGO_PUBLIC_URL"))


def _is_https(url: str) -> bool:
    return url.lower().startswith("https:")


def secret_key() -> str:
    """The configured key; in development without one, a key of this process only (sessions end with it)."""
    return value("ARENGO_SECRET_KEY") or ("" if is_production() else secrets.token_urlsafe(50))


def public_url() -> str:
    """Without a slash at the end."""
    return value("ARENGO_PUBLIC_URL").rstrip("/") or f"http://127.0.0.1:{value('ARENGO_PORT')}"


def mail() -> kinds.Mail | None:
    """How mail leaves; None when it does not."""
    return kinds.read_mail(value("ARENGO_EMAIL_URL")) if value("ARENGO_EMAIL_URL") else None


def problems() -> list[Problem]:
    """What stops the start of every command. Values of secrets are not quoted."""
    found = [_wrong(setting) for setting in TABLE if not _fits(setting)]
    if not is_production():
        if _is_https(_written("ARENGO_PUBLIC_URL")):
            found.append(Problem(_("ARENGO_ENV=development non va con un indirizzo pubblico https://"), {}))
        return found
    found += [_unknown(name) for name in unknown_names()]
    found += _missing_in_production()
    if _written("ARENGO_SECRET_KEY") and _written("ARENGO_SECRET_KEY") == _written("ARENGO_METRICS_TOKEN"):
        found.append(Problem(_("ARENGO_SECRET_KEY e ARENGO_METRICS_TOKEN devono essere diverse"), {}))
    return found


def warnings() -> list[Problem]:
    """What should be looked at, and stops nothing."""
    found = [] if is_production() else [_unknown(name) for name in unknown_names()]
    exposed = value("ARENGO_BIND") not in {"127.0.0.1", "::1", "localhost"}
    if exposed and parse_trusted(value("ARENGO_TRUSTED_PROXY")).whoever_connects:
        words = _(
            "con ARENGO_TRUSTED_PROXY=sì e ARENGO_BIND=%(bind)s chiunque arrivi alla porta può fingere un altro indirizzo: "
            "scrivere in ARENGO_TRUSTED_PROXY l'indirizzo del proxy"
        )
        found.append(Problem(words, {"bind": value("ARENGO_BIND")}))
    if is_production() and not value("ARENGO_EMAIL_URL"):
        words = _("la posta non è configurata (ARENGO_EMAIL_URL): inviti e password dimenticate non partono")
        found.append(Problem(words, {}))
    return found


def unknown_names() -> list[str]:
    """Variables that look like ours and that nobody reads: most often a typing error."""
    ours = (name for name in os.environ if name.upper().startswith("ARENGO"))
    return sorted(
        name for name in ours if name not in _SETTINGS and name not in _OUR_OWN and os.environ[name].strip()
    )


def _fits(setting: Setting) -> bool:
    written = _written(setting.name)
    return not written or setting.kind.fits(written, production=is_production())


def _wrong(setting: Setting) -> Problem:
    values: dict[str, Any] = {
        "name": setting.name,
        "allowed": Problem(setting.kind.allowed, setting.kind.values),
    }
    if setting.secret:
        return Problem(_("%(name)s deve essere %(allowed)s"), values)
    shown = "".join(
        letter if letter.isprintable() else "·" for letter in _written(setting.name)[:_MOST_QUOTED]
    )
    return Problem(_("%(name)s deve essere %(allowed)s, non «%(value)s»"), {**values, "value": shown})


def _unknown(name: str) -> Problem:
    near = difflib.get_close_matches(name.upper(), _SETTINGS, n=1, cutoff=0.6)
    shown = "".join(letter if letter.isprintable() else "·" for letter in name[:_MOST_QUOTED])
    if near:
        return Problem(_("%(name)s non esiste: forse è %(near)s"), {"name": shown, "near": near[0]})
    return Problem(_("%(name)s non esiste: toglierla"), {"name": shown})


def _missing_in_production() -> list[Problem]:
    keys = (name for name in ("ARENGO_SECRET_KEY", "ARENGO_VAULT_KEYS") if not _written(name))
    found = [_wrong(_SETTINGS[name]) for name in keys]
    if not _is_https(_written("ARENGO_PUBLIC_URL")):
        found.append(Problem(_("ARENGO_PUBLIC_URL deve cominciare con https:// in produzione"), {}))
    return found
