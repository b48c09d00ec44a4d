# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""All of Arengo in the foreground: `up` for an installation, `demo` with a sandbox and a sample Comune."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from arengo.config import environment
from arengo.config.serving import limits
from arengo.core.starting import starting

from . import cast, keys
from .folder import IN_HASTE, alone, database, open_folder
from .freshness import up_to_date
from .keeping import DatabaseKeeper
from .prepared import check_settings, check_vault, set_up
from .supervisor import Program, Stopped, Supervisor
from .words import Refused, _, say

_READY_WITHIN = 180.0  # seconds; a slow machine's first start


def port(name: str) -> int:
    """The port that a setting names; Refused when it is none."""
    text = environment.value(name)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refused(
            _("%(name)s deve essere una porta tra 1 e 65535, non «%(text)s»") % {"name": name, "text": text}
        )
    return int(text)


def web(workers: int | None = None, *, port_of: str = "ARENGO_PORT") -> Program:
    """Uvicorn: it serves, Django answers. What is still being answered at the end gets less than the supervisor's patience."""
    command = [sys.executable, "-m", "uvicorn", "--loop", "uvloop", "--ws", "none"]
    command += ["--http", "arengo.config.serving.protocol:BoundedProtocol"]
    command += ["--host", environment.value("ARENGO_BIND"), "--port", str(port(port_of))]
    command += ["--workers", str(workers or environment.value("ARENGO_WEB_PROCESSES"))]
    command += ["--timeout-keep-alive", str(limits.IDLE_WITHIN)]
    command += ["--timeout-graceful-shutdown", "2", "--timeout-worker-healthcheck", "60"]
    command += ["--backlog", "2048", "--limit-concurrency", str(limits.CONNECTIONS_MOST)]
    # Whom to believe is a setting (ARENGO_TRUSTED_PROXY), not every process of this machine that connects.
    command += ["--no-proxy-headers", "--no-server-header", "--no-access-log", "--log-level", "warning"]
    return Program("web", [*command, "arengo.config.asgi:application"])


def readers() -> Program:
    """A second web process, to which the proxy leads readers of public pages. The console's goes first on a busy machine."""
    command = web(1, port_of="ARENGO_READERS_PORT").command
    polite = shutil.which("nice")
    return Program("readers", [polite, "-n", "10", *command] if polite else command)


def worker() -> Program:
    return Program("worker", [sys.executable, "-c", "from arengo.config.worker import main; main()"])


def sandbox(data: Path) -> Program:
    return Program("sandbox", [sys.executable, "-m", "arengo_sandbox", "--data", str(data / "sandbox")])


def command(*words: str) -> list[str]:
    """One of our own commands."""
    return [sys.executable, "-m", "arengo", *words]


def sheltered() -> None:
    """Refused when others could reach what is not set up for others: without https, with keys made here."""
    bind = environment.value("ARENGO_BIND")
    if not environment.is_production() and bind not in {"127.0.0.1", "::1", "localhost"}:
        words = _(
            "ARENGO_BIND=%(bind)s apre il sito ad altre macchine: serve ARENGO_ENV=production "
            "(e un indirizzo https:// in ARENGO_PUBLIC_URL)"
        )
        raise Refused(words % {"bind": bind})


def up() -> None:
    """Everything that an installation needs, until a signal ends it."""
    sheltered()
    data = open_folder()
    with alone(data), _supervised(data, _site_ports()) as supervisor:
        keys.load(data)
        with _over_database(data, supervisor) as keeper:
            with starting(data):
                supervisor.step(Program("migrate", command("migrate")))
                _serve(supervisor)
            _wait_for_site(supervisor)
            address = environment.value("ARENGO_PUBLIC_URL").rstrip("/") or _address("ARENGO_PORT").rstrip(
                "/"
            )
            say(_("Arengo è pronto: %(url)s/console/") % {"url": address})
            supervisor.run(keeper)


def demo() -> None:
    """`up` with a sandbox in place of the outside world and a sample Comune, until a signal ends it."""
    data = open_folder()
    with alone(data), _supervised(data, [*_site_ports(), "SANDBOX_PORT"]) as supervisor:
        keys.load(data, password=True)
        _allow_sandbox()
        os.environ["ARENGO_DEMO"] = "1"  # its administrator tries the console without a second factor
        # A number that does not exist has no chat at WhatsApp: the buttons of the site open the sample phones.
        os.environ.setdefault("ARENGO_CHAT_URL", f"{_address('SANDBOX_PORT')}wa/")
        say(_("Arengo si avvia… (Ctrl-C per fermare)"))
        with _over_database(data, supervisor) as keeper:
            with starting(data):
                supervisor.start(sandbox(data))
                up_to_date(data, lambda: supervisor.step(Program("migrate", command("migrate"))))
                _serve(supervisor)
                sample = supervisor.begin(Program("sample", command("sample")))
                phones = f"{_address('SANDBOX_PORT')}phones/"
                supervisor.wait_until(lambda: status(phones) == 200, _READY_WITHIN, phones)
                supervisor.finish(sample)
            _wait_for_site(supervisor)
            site, outside = _address("ARENGO_PORT"), _address("SANDBOX_PORT")
            rows = [
                (_("Console"), f"{site}console/"),
                (_("Pagine pubbliche"), site),
                (_("Telefoni di prova"), f"{outside}phones/"),
            ]
            width = max(len(label) for label, _url in rows)
            say("")
            say(_("Arengo è pronto. È una dimostrazione: Comune, persone e messaggi sono finti."))
            for label, url in rows:
                say(f"  {label:<{width}}  {url}")
            say("")
            say(
                _("Accessi alla console (password per tutti: %(password)s)")
                % {"password": environment.value("ARENGO_DEMO_PASSWORD")}
            )
            for person in cast.STAFF:
                say(f"  {person.email:<32}  {person.title}")
            say("")
            say(_("Dati e registri in %(folder)s. Ctrl-C per fermare.") % {"folder": data})
            supervisor.run(keeper)


def _allow_sandbox() -> None:
    """The sample number's provider is on this machine: that one address beside the public ones."""
    known = environment.value("ARENGO_ALLOWED_ADDRESSES")
    sandbox = f"127.0.0.1:{port('SANDBOX_PORT')}"
    os.environ["ARENGO_ALLOWED_ADDRESSES"] = f"{known},{sandbox}" if known else sandbox


def _site_ports() -> list[str]:
    return ["ARENGO_PORT", *(["ARENGO_READERS_PORT"] if environment.value("ARENGO_READERS_PORT") else [])]


def _serve(supervisor: Supervisor) -> None:
    supervisor.start(web())
    if environment.value("ARENGO_READERS_PORT"):
        supervisor.start(readers())
    supervisor.start(worker())


def _wait_for_site(supervisor: Supervisor) -> None:
    """Ask as the public does: by the public name and, where a proxy says so, as if by HTTPS.

    Without such a proxy production answers plain HTTP with the way to HTTPS: as ready as it shows from here.
    """
    ready = f"{_address('ARENGO_PORT')}readyz"
    name = urlsplit(environment.value("ARENGO_PUBLIC_URL")).hostname
    headers = {"X-Forwarded-Proto": "https", **({"Host": name} if name else {})}
    supervisor.wait_until(lambda: status(ready, headers) in (200, 301), _READY_WITHIN, ready)


@contextmanager
def _supervised(data: Path, ports: list[str]) -> Iterator[Supervisor]:
    """A supervisor whose signals are listened to; being told to stop is a good end."""
    numbers = [port(name) for name in ports]
    if len(set(numbers)) < len(numbers):
        raise Refused(_("%(names)s devono essere diverse") % {"names": ", ".join(ports)})
    for name, number in zip(ports, numbers, strict=True):
        host = "127.0.0.1" if name == "SANDBOX_PORT" else environment.value("ARENGO_BIND")
        try:
            with socket.create_server(
                (host, number), family=socket.AF_INET6 if ":" in host else socket.AF_INET
            ):
                pass
        except PermissionError as error:
            words = _("la porta %(port)d è riservata a root: scegliere un'altra porta con %(name)s=%(other)d")
            raise Refused(words % {"port": number, "name": name, "other": number + 8000}) from error
        except OSError as error:
            words = _(
                "la porta %(port)d di %(host)s non è disponibile (%(reason)s): chiudere il programma che la usa, "
                "oppure scegliere un'altra porta con %(name)s=%(other)d"
            )
            other = number + 10 if number < 65000 else number - 10
            reason = os.strerror(error.errno) if error.errno else str(error)
            values = {"port": number, "host": host, "reason": reason, "name": name, "other": other}
            raise Refused(words % values) from error
    supervisor = Supervisor(data / "logs", say)
    with supervisor.listening(), suppress(Stopped):
        yield supervisor
        return
    say(_("Arengo si è fermato. I dati restano in %(folder)s.") % {"folder": data})


@contextmanager
def _over_database(data: Path, supervisor: Supervisor) -> Iterator[DatabaseKeeper]:
    """Inside, the database runs; what keeps it running is given. The programs end before it does."""
    with database(data, stop_within=IN_HASTE):
        keeper = DatabaseKeeper(data, say)
        try:
            yield keeper
        finally:
            supervisor.stop()
            keeper.close()


def _address(name: str) -> str:
    host = environment.value("ARENGO_BIND") if name == "ARENGO_PORT" else "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - not bound here
    return f"http://{host}:{port(name)}/"


def status(url: str, headers: Mapping[str, str] | None = None) -> int:
    """The HTTP status at an address of this machine; 0 when nobody answers."""
    host, _slash, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", f"/{path}", headers=dict(headers or {}))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def alone_or_replaced(program: Program) -> None:
    """Run one program: in our place over a configured database, watched over the embedded one, which we start."""
    data = open_folder()
    keys.load(data)
    if environment.value("DATABASE_URL"):
        _check()
        os.execv(program.command[0], program.command)  # noqa: S606 - it takes our place
    with _supervised(data, []) as supervisor, _over_database(data, supervisor) as keeper:
        _check()
        supervisor.start(program)
        supervisor.run(keeper)


def _check() -> None:
    """The settings name the database by now."""
    set_up()
    check_settings()
    check_vault()
