# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proxy examples of the manual under 512 connections: ``python -m bench.proxies [seconds]``. Wants Debian's nginx, caddy and wrk.

The examples as they stand in docs/manuale/proxy.md, without TLS and without what limits one address (all these readers
have the same one). Beside them what Debian's Caddy reaches by itself with the same bytes, from a file and from its configuration: no
example can do better than that. Arengo: one web process for the console, one for the readers, as ``ARENGO_READERS_PORT`` makes them.
"""

from __future__ import annotations

import base64
import gzip
import re
import shutil
import subprocess
import sys
from http.client import HTTPConnection

from bench.processes import ROOT, answers, free_port, until

sys.path.insert(0, str(ROOT / "src"))

from bench.installation import Installation
from bench.rows.readers import RATE, read, town
from bench.run import Run

CONNECTIONS = 512
_HOST = "127.0.0.1"
_NAME = "arengo.comune.example.it"


def example(language: str) -> str:
    page = (ROOT / "docs" / "manuale" / "proxy.md").read_text()
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found is not None  # noqa: S101 - it is there
    return found.group(1)


def nginx(run: Run, web: int, readers: int) -> int:
    port, folder = free_port(), run.installation.folder / "nginx"
    folder.mkdir()
    text = example("nginx").replace("listen 443 ssl http2;", f"listen {_HOST}:{port};")
    text = text.replace(f"{_HOST}:8000;  # 8002", f"{_HOST}:{readers};  #").replace(
        f"{_HOST}:8000", f"{_HOST}:{web}"
    )
    text = re.sub(
        r"^\s*(ssl_certificate|limit_req|limit_conn|limit_req_zone|limit_conn_zone)\b.*$",
        "",
        text,
        flags=re.M,
    )
    text = text.replace("/var/cache/nginx/arengo", str(folder / "cache")).replace(_NAME, _HOST)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "conf").write_text(
        f"user root; daemon off; pid {folder}/pid; error_log stderr; worker_processes auto;\n"
        f"events {{ worker_connections 4096; }}\nhttp {{ access_log off; {kept}\n{text} }}"
    )
    process = run.processes.start("nginx", [_program("nginx"), "-p", str(folder), "-c", str(folder / "conf")])
    until(lambda: answers(port, "/healthz"), 30, "nginx", process)
    return port


def caddy(run: Run, web: int, readers: int) -> int:
    port, folder = free_port(), run.installation.folder / "caddy"
    folder.mkdir()
    text = (
        example("caddy")
        .replace(f"{_NAME} {{", f"http://{_HOST}:{port} {{")
        .replace("{\n", "{\n    admin off\n", 1)
    )
    text = text.replace(f"{_HOST}:8000 {{  # 8002", f"{_HOST}:{readers} {{  #").replace(
        f"{_HOST}:8000", f"{_HOST}:{web}"
    )
    (folder / "Caddyfile").write_text(text)
    command = [_program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    process = run.processes.start("caddy", command, {"HOME": str(folder), "XDG_DATA_HOME": str(folder)})
    until(lambda: answers(port, "/healthz"), 30, "caddy", process)
    return port


def caddy_by_itself(run: Run, readers: int) -> tuple[int, int]:
    """Ports at which Caddy gives /canale/ as its ``file_server`` has it, and as ``respond`` does. No Arengo behind."""
    files, words, folder = free_port(), free_port(), run.installation.folder / "caddy-alone"
    page = folder / "canale" / "index.html"
    page.parent.mkdir(parents=True)
    connection = HTTPConnection(_HOST, readers)
    connection.request("GET", "/canale/", headers={"Accept-Encoding": "gzip"})
    packed = connection.getresponse().read()
    connection.close()
    page.write_bytes(gzip.decompress(packed))
    page.with_suffix(".html.gz").write_bytes(packed)
    body = base64.b64encode(packed).decode()[
        : len(packed)
    ]  # as many bytes, of which Caddy's parser takes none amiss
    (folder / "Caddyfile").write_text(
        "{\n    admin off\n}\n"
        f"http://{_HOST}:{files} {{\n    root * {folder}\n    file_server {{\n        precompressed gzip\n    }}\n}}\n"
        f'http://{_HOST}:{words} {{\n    respond "{body}"\n}}\n'
    )
    command = [_program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    process = run.processes.start("caddy-alone", command, {"HOME": str(folder), "XDG_DATA_HOME": str(folder)})
    until(lambda: answers(words) and answers(files), 30, "caddy", process)
    return files, words


def load(port: int, host: str, seconds: int) -> str:
    """What wrk says of its latencies and its rate."""
    command = [
        _program("wrk"),
        f"-c{CONNECTIONS}",
        "-t1",
        f"-d{seconds}s",
        "--latency",
        "-H",
        f"Host: {host}",
    ]
    command += ["-H", "Accept-Encoding: gzip", f"http://{_HOST}:{port}/canale/"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wanted = r"(^ +50%|^ +99%|Requests/sec:|Non-2xx.*:)\s+\S+"
    return ", ".join(found.group(0).strip() for found in re.finditer(wanted, said, re.M))


def paced(run: Run, port: int, seconds: int) -> str:
    found = read(run, port, ("/canale/",), rate=RATE, seconds=seconds, connections=CONNECTIONS, host=_HOST)
    return f"50% {found['p50'] * 1000:.1f}ms, 99% {found['p99'] * 1000:.1f}ms, {found['rate']:.0f}/s"


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        sys.exit(f"{name} is not here: apt install nginx caddy wrk")
    return found


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    installation = Installation()
    try:
        installation.begin()
        run = Run(installation, quick=True)
        town(run)
        _web, port = installation.web()
        _readers, other = installation.web(of_readers=True)
        files, words = caddy_by_itself(run, other)
        ways = {
            "Arengo alone": other,
            "nginx": nginx(run, port, other),
            "caddy": caddy(run, port, other),
            "caddy's own files, no Arengo": files,
            "caddy's own words, no Arengo": words,
        }
        for name, way in ways.items():
            load(way, _HOST, 1)
            print(f"{name}, as fast as they come: {load(way, _HOST, seconds)}", flush=True)
            print(f"{name}, {RATE} a second: {paced(run, way, seconds)}", flush=True)
    finally:
        installation.end()


if __name__ == "__main__":
    main()
