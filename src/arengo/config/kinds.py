# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a setting's value may be. A kind says in Italian what it allows, and never quotes a value that may be secret."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import ClassVar, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from arengo.config.secrecy import guessable_bytes, guessable_text
from arengo.core.client_address import NO, YES, parse_trusted
from arengo.core.vault import VaultError, parse_keys
from arengo.platforms import networks

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _(text: str) -> str:
    """Marks words for the catalogue: settings are not read yet, so nothing can be translated here."""
    return text


class Kind(Protocol):
    @property
    def allowed(self) -> str:
        """In Italian, after «deve essere»; with the places of ``values``."""
        ...

    @property
    def values(self) -> dict[str, object]: ...

    def fits(self, text: str, *, production: bool) -> bool:
        """`text` is not empty."""
        ...


class Plain:
    values: ClassVar[dict[str, object]] = {}


@dataclass(frozen=True)
class Choice:
    words: tuple[str, ...]
    allowed: ClassVar[str] = _("una di queste parole: %(words)s")

    @property
    def values(self) -> dict[str, object]:
        return {"words": ", ".join(self.words)}

    def fits(self, text: str, *, production: bool) -> bool:
        return text in self.words


@dataclass(frozen=True)
class Number:
    least: int
    most: int
    allowed: ClassVar[str] = _("un numero tra %(least)d e %(most)d")

    @property
    def values(self) -> dict[str, object]:
        return {"least": self.least, "most": self.most}

    def fits(self, text: str, *, production: bool) -> bool:
        return re.fullmatch(r"[0-9]{1,9}", text) is not None and self.least <= int(text) <= self.most


class Text(Plain):
    allowed = _("un testo su una sola riga")

    def fits(self, text: str, *, production: bool) -> bool:
        return not _CONTROL.search(text)


@dataclass(frozen=True)
class Url:
    """An address of a site: no path unless `path`, and neither user, query nor fragment."""

    path: bool = False
    values: ClassVar[dict[str, object]] = {}

    @property
    def allowed(self) -> str:
        if self.path:
            return _("un indirizzo https:// o http://")
        return _(
            "un indirizzo https:// (o http:// per le prove) senza percorso, es. https://arengo.comune.example.it"
        )

    def fits(self, text: str, *, production: bool) -> bool:
        parts = _split(text)
        return (
            parts is not None
            and parts.scheme in {"http", "https"}
            and is_host(parts.hostname or "")
            and "@" not in parts.netloc
            and "?" not in text
            and "#" not in text
            and (self.path or parts.path in {"", "/"})
        )


class Hosts(Plain):
    allowed = _(
        "un elenco di nomi host separati da virgola, senza https://, porta o percorso; in produzione senza «*»"
    )

    def fits(self, text: str, *, production: bool) -> bool:
        hosts = [host.strip() for host in text.split(",") if host.strip()]
        return all(is_host(host.strip("[]")) or (host == "*" and not production) for host in hosts)


class Bind(Plain):
    allowed = _("un indirizzo di questa macchina, per esempio 127.0.0.1, 0.0.0.0 o ::")

    def fits(self, text: str, *, production: bool) -> bool:
        return text == "localhost" or _is_address(text)


class Daemon(Plain):
    """Where a daemon of the installation listens: a socket's path, or host and port."""

    allowed = _("il percorso di un socket (/run/clamav/clamd.ctl) o host:porta")

    def fits(self, text: str, *, production: bool) -> bool:
        host, _colon, port = text.rpartition(":")
        named = is_host(host.strip("[]")) or _is_address(host.strip("[]"))
        return text.startswith("/") or (named and port.isascii() and port.isdigit() and 0 < int(port) < 65536)


class Proxies(Plain):
    allowed = _(
        "«no», «sì», oppure indirizzi e reti dei proxy separati da virgola, per esempio 127.0.0.1, 10.20.0.0/16 "
        "(reti non più larghe di /8, /16 per IPv6)"
    )

    def fits(self, text: str, *, production: bool) -> bool:
        try:
            parse_trusted(text)
        except ValueError:
            return False
        return True


class Networks(Plain):
    allowed = _(
        "reti o indirizzi separati da virgola, per esempio 10.1.0.0/16, 10.1.2.3:8443 o [fd00::1]:8443"
    )

    def fits(self, text: str, *, production: bool) -> bool:
        try:
            networks.parse([item.strip() for item in text.split(",") if item.strip()])
        except ValueError:
            return False
        return True


class Database(Plain):
    allowed = _("un indirizzo postgresql://utente:password@host:porta/nome")

    def fits(self, text: str, *, production: bool) -> bool:
        from psycopg import ProgrammingError  # only who names a database waits for libpq
        from psycopg.conninfo import conninfo_to_dict

        if _CONTROL.search(text) or not text.startswith(("postgresql://", "postgres://")):
            return False
        try:
            ports = str(conninfo_to_dict(text).get("port", "")).split(",")  # one for each host
        except ProgrammingError:
            return False
        return all(not port or (port.isdecimal() and 0 < int(port) < 65536) for port in ports)


@dataclass(frozen=True)
class Secret:
    """Text that chance made. In development only its length counts."""

    least: int
    always: bool  # the length counts in development too

    allowed: ClassVar[str] = _(
        "di almeno %(least)d caratteri fatti a caso, senza parole né ripetizioni; ne stampa una: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )

    @property
    def values(self) -> dict[str, object]:
        return {"least": self.least}

    def fits(self, text: str, *, production: bool) -> bool:
        if len(text) < self.least:
            return not production and not self.always
        return not production or not guessable_text(text)


class VaultKeys(Plain):
    allowed = _(
        "un elenco di chiavi «id:base64» di 32 byte fatti a caso, ognuna con un id diverso; ne stampa una: "
        "arengo doctor --new-vault-key"
    )

    def fits(self, text: str, *, production: bool) -> bool:
        try:
            keys = parse_keys(text)
        except VaultError:
            return False
        return bool(keys) and not (production and any(guessable_bytes(key) for _id, key in keys))


class Sender(Plain):
    allowed = _("un indirizzo e-mail, anche con il nome: Comune di Esempio <sportello@comune.example.it>")

    def fits(self, text: str, *, production: bool) -> bool:
        _name, address = parseaddr(text)
        user, at, host = address.rpartition("@")
        return not _CONTROL.search(text) and bool(user and at) and is_host(host)


@dataclass(frozen=True)
class Mail:
    """How mail leaves."""

    host: str
    port: int
    user: str
    password: str
    tls: bool  # STARTTLS
    ssl: bool  # TLS from the first byte


class MailUrl(Plain):
    allowed = _(
        "un indirizzo smtp://utente:password@host:587?tls=1 oppure smtps://utente:password@host:465; in produzione tls va detto, "
        "anche se è no (tls=0)"
    )

    def fits(self, text: str, *, production: bool) -> bool:
        mail = read_mail(text)
        return mail is not None and (not production or mail.ssl or "tls=" in text)


def read_mail(text: str) -> Mail | None:
    """None when it is not wholly understood."""
    parts = _split(text)
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not is_host(parts.hostname or ""):
        return None
    if parts.path not in {"", "/"} or "#" in text:
        return None
    try:
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        return None
    tls = [word.lower() for key, word in query if key == "tls"]
    if len(tls) != len(query) or len(tls) > 1 or (tls and tls[0] not in (YES | NO) - {""}):
        return None
    ssl = parts.scheme == "smtps"
    starts = bool(tls) and tls[0] in YES
    if ssl and tls and not starts:
        return None
    return Mail(
        host=parts.hostname or "",
        port=parts.port or (465 if ssl else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=starts and not ssl,
        ssl=ssl,
    )


def is_host(text: str) -> bool:
    """A host name or an address, without port."""
    return len(text) <= 253 and (_HOST.fullmatch(text) is not None or _is_address(text))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _split(text: str) -> SplitResult | None:
    """None for what is no address: also for a port that is none."""
    if _CONTROL.search(text) or " " in text:
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts
