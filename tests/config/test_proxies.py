# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proxy examples of the manual, as they stand there, in front of the real web process. Debian's nginx and caddy, where they are."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from arengo.channel import board
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from tests.config.proxies import CADDY, NGINX
from tests.factories.channel import publish
from tests.factories.core import HOST
from tests.support.ports import free_port
from tests.support.waiting import NEVER, until
from tests.support.web_process import WebProcess, session_cookie, web_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

_SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_NAME = "arengo.comune.example.it"  # in the examples


def program(name: str) -> str:
    found = shutil.which(name, path=_SBIN)
    if found is None:
        pytest.skip(f"{name} is not installed here (Debian: apt install {name})")
    return found


class Proxy:
    def __init__(self, port: int) -> None:
        self.port = port

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        connected = http.client.HTTPConnection("127.0.0.1", self.port, timeout=NEVER)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connected.request(method, path, body, {"Host": HOST, **named})
            answer = connected.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connected.close()


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    with (folder / "proxy.log").open("wb") as log:
        environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)

    def answers() -> bool:
        assert process.poll() is None, (folder / "proxy.log").read_text()
        try:
            return proxy.get("/healthz")[0] == 200
        except OSError:
            return False

    try:
        until(answers, "the proxy")
        yield proxy
    finally:
        process.terminate()
        process.wait(NEVER)


def nginx_conf(folder: Path, port: int, behind: int) -> str:
    """The example within what Debian's nginx.conf gives it; without TLS, at a port of ours."""
    example = NGINX.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};").replace(_NAME, HOST)
    example = re.sub(r"^\s*ssl_certificate.*$", "", example, flags=re.MULTILINE)
    example = example.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace(
        "/var/cache/nginx/arengo", str(folder / "cache")
    )
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user} daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 2;\n"
        f"events {{ worker_connections 2048; }}\nhttp {{ access_log off; {kept}\n{example} }}"
    )


@contextmanager
def nginx_before(web: WebProcess, folder: Path) -> Iterator[Proxy]:
    port, binary = free_port(), program("nginx")
    (folder / "nginx.conf").write_text(nginx_conf(folder, port, web.port))
    with running([binary, "-p", str(folder), "-c", str(folder / "nginx.conf")], folder, port) as proxy:
        yield proxy


@contextmanager
def caddy_before(web: WebProcess, folder: Path) -> Iterator[Proxy]:
    port, binary = free_port(), program("caddy")
    example = CADDY.replace(f"{_NAME} {{", f"http://{HOST}:{port} {{").replace(
        "127.0.0.1:8000", f"127.0.0.1:{web.port}"
    )
    example = example.replace("{\n", "{\n    admin off\n", 1)
    (folder / "Caddyfile").write_text(example)
    command = [binary, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with running(command, folder, port) as proxy:
        yield proxy


@pytest.fixture(params=[nginx_before, caddy_before], ids=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, esempio: Organization, altrove: Organization, tmp_path: Path
) -> Iterator[Proxy]:
    folder = tmp_path / "proxy"
    folder.mkdir()
    with (
        web_process(HOST, tmp_path, ARENGO_TRUSTED_PROXY="127.0.0.1") as web,
        request.param(web, folder) as proxy,
    ):
        yield proxy


@pytest.fixture
def nginx(esempio: Organization, altrove: Organization, tmp_path: Path) -> Iterator[tuple[Proxy, WebProcess]]:
    folder = tmp_path / "proxy"
    folder.mkdir()
    with (
        web_process(HOST, tmp_path, ARENGO_TRUSTED_PROXY="127.0.0.1") as web,
        nginx_before(web, folder) as proxy,
    ):
        yield proxy, web


def seen(proxy: Proxy, path: str, wanted: Callable[[int, bytes], bool]) -> bool:
    """Asked seldom enough for the example's ceiling of requests a second."""
    time.sleep(0.2)
    status, body, _headers = proxy.get(path)
    return wanted(status, body)


def test_a_page_comes_through_as_it_is(proxy: Proxy) -> None:
    status, page, headers = proxy.get("/canale/")
    assert (status, b'<html lang="it">' in page) == (200, True)
    assert b"https://esempio.test" in page  # by the name and the scheme of the proxy
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers
    assert int(headers["content-length"]) == len(page)  # not packed on its way and unpacked again
    packed = proxy.get("/canale/", Accept_Encoding="gzip, deflate, br")
    assert gzip.decompress(packed[1]) == page
    assert packed[2]["etag"] != headers["etag"]
    assert proxy.get("/canale/", If_None_Match=headers["etag"])[0] == 304
    assert proxy.get("/canale/", "HEAD")[:2] == (200, b"")
    assert proxy.get("/canale/", "POST", b"x=1")[0] == 403
    assert proxy.get("/non-c-e/")[0] == 404


def test_each_reader_gets_the_language_that_they_chose(proxy: Proxy) -> None:
    for _ in range(3):
        assert b'<html lang="it">' in proxy.get("/")[1]
        assert b'<html lang="en">' in proxy.get("/", Cookie="arengo_language=en")[1]
        assert b'<html lang="en">' in proxy.get("/", Cookie="a=b; arengo_language=en; c=d")[1]
        assert b'<html lang="it">' in proxy.get("/", Cookie="not_arengo_language=en")[1]


def test_what_changes_is_seen_by_the_next_readers(proxy: Proxy, esempio: Organization, edo: Person) -> None:
    assert b"Strada chiusa" not in proxy.get("/canale/")[1]
    post = publish(esempio)
    until(lambda: seen(proxy, "/canale/", lambda _status, body: b"Strada chiusa" in body), "the new post")
    assert proxy.get(f"/canale/{post.pk}/")[0] == 200
    with organization_scope(esempio):
        board.withdraw(post, edo)
    until(
        lambda: seen(proxy, "/canale/", lambda _status, body: b"Strada chiusa" not in body), "the post to go"
    )
    until(lambda: seen(proxy, f"/canale/{post.pk}/", lambda status, _body: status == 404), "its page to go")


def test_nothing_of_the_console_is_shared(proxy: Proxy, olga: Person) -> None:
    tokens = {proxy.get("/console/accesso/login/")[2]["set-cookie"].partition(";")[0] for _ in range(3)}
    assert len(tokens) == 3
    assert proxy.get("/console/sportello/", Cookie=session_cookie(olga))[0] == 200
    assert proxy.get("/console/sportello/")[0] == 302
    assert proxy.get("/console/sportello/", Cookie=session_cookie(olga))[2]["cache-control"] == "no-store"


def test_a_language_is_chosen_through_it(proxy: Proxy) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
    status, _body, headers = proxy.get("/lingua/", "POST", b"language=en&next=/canale/", **form)
    assert (status, headers["location"]) == (302, "/canale/")
    assert headers["set-cookie"].startswith("arengo_language=en")
    form["Origin"] = "https://altrove.test"
    assert proxy.get("/lingua/", "POST", b"language=en", **form)[0] == 403


def test_nginx_answers_from_its_own_memory_while_arengo_is_away(nginx: tuple[Proxy, WebProcess]) -> None:
    proxy, web = nginx
    page = proxy.get("/canale/")
    assert page[0] == 200
    web.process.terminate()
    web.process.wait(NEVER)
    again = proxy.get("/canale/")
    assert again[:2] == page[:2]
    assert proxy.get("/console/sportello/")[0] == 502
