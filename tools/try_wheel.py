# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Installs dist/ as an operator does, where there is no node, starts the demonstration, and looks at its pages.

    python3 tools/try_wheel.py          # after `make wheel`; .ci/run does both

Exit code 1 and one line when something is missing. Prints the seconds of the installation and of the start; the aim is 30
for both together. Standard library only: it is no part of what it tries.
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

DIST = Path(__file__).resolve().parents[1] / "dist"
_ANSWERS_WITHIN = 300.0  # seconds; a machine that is busy with something else
_LEAST_STYLES = 100_000  # bytes of all stylesheets: Bootstrap Italia alone has three times as many


class Missing(Exception):
    """What an operator would miss, in one line."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="arengo-wheel-") as place:
        folder = Path(place)
        # All programs that it may find: those which the wheel and its libraries bring.
        environment = {
            "PATH": str(folder / "environment" / "bin"),
            "HOME": str(folder),
            "ARENGO_LANGUAGE": "en",
        }
        try:
            began = time.monotonic()
            install(folder / "environment")
            installed = time.monotonic()
            answered = start_and_look(folder, environment)
        except Missing as missing:
            print(f"wheel: {missing}", file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as error:
            print(f"wheel: {' '.join(map(str, error.cmd))}: {error.stderr}", file=sys.stderr)
            return 1
    print(
        f"wheel: installed in {installed - began:.1f} s, answering {answered - installed:.1f} s later "
        f"({answered - began:.1f} s together)"
    )
    return 0


def install(environment: Path) -> None:
    """The libraries as pinned, each checked by its hash; then the wheel alone, whose demands they must meet."""
    found = [*DIST.glob("arengo-*.whl"), *DIST.glob("arengo-*-requirements.txt")]
    if len(found) != 2:
        raise Missing(f"in {DIST} are not one wheel and its requirements: run «make wheel»")
    wheel, pins = found
    python = environment / "bin" / "python"
    run(sys.executable, "-m", "venv", environment)
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--require-hashes", "--only-binary=:all:", "--no-deps", "-r", pins)
    run(*pip, "install", "--no-deps", "--no-index", wheel)
    run(*pip, "check")


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def start_and_look(folder: Path, environment: dict[str, str]) -> float:
    """Start the demonstration, read its first page with all that belongs to it, and end it. When it first answered."""
    if shutil.which("node", path=environment["PATH"]):
        raise Missing("there is a node in the environment: this would prove nothing")
    site, outside = free_ports()
    environment |= {"ARENGO_DATA": str(folder / "data"), "ARENGO_PORT": site, "SANDBOX_PORT": outside}
    output = folder / "output"
    with output.open("w") as words:
        demo = subprocess.Popen(
            [folder / "environment" / "bin" / "arengo", "demo"],
            cwd=folder,
            env=environment,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
    try:
        home = f"http://127.0.0.1:{site}/"
        page = first_answer(home, demo, output)
        answered = time.monotonic()
        look_at(home, page)
        fetch(f"http://127.0.0.1:{outside}/phones/")
        until_announced(demo, output)
    finally:
        demo.send_signal(signal.SIGTERM)
        code = demo.wait(30)
    if code:
        raise Missing(f"the end was no good one (exit code {code}): {output.read_text()}")
    return answered


def first_answer(address: str, demo: subprocess.Popen[bytes], output: Path) -> str:
    deadline = time.monotonic() + _ANSWERS_WITHIN
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            return fetch(address).decode()
        except (Missing, OSError):
            time.sleep(0.1)
    raise Missing(f"no answer from {address}: {output.read_text()}")


def until_announced(demo: subprocess.Popen[bytes], output: Path) -> None:
    """It says that it is ready, in English: its catalogue came with it."""
    deadline = time.monotonic() + _ANSWERS_WITHIN
    while "Arengo is ready" not in output.read_text():
        if time.monotonic() > deadline or demo.poll() is not None:
            raise Missing(f"it does not say in English that it is ready: {output.read_text()}")
        time.sleep(0.1)


def look_at(home: str, page: str) -> None:
    """Styles, fonts and scripts of a page, its words in English, and the source that the AGPL promises."""
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', page)
    styles = {address: fetch(urljoin(home, address), "text/css").decode() for address in sheets}
    if sum(map(len, styles.values())) < _LEAST_STYLES or "--palette-primary" not in "".join(styles.values()):
        raise Missing(f"the page has no styles: {sheets}")
    fonts = [
        urljoin(urljoin(home, sheet), font)
        for sheet, text in styles.items()
        for font in re.findall(r"url\([\"']?([^)\"']+\.woff2)", text)
    ]
    if not fonts or not scripts:
        raise Missing(f"the page has no fonts or no scripts: {fonts} {scripts}")
    for address in fonts:
        fetch(address, "font/")
    for address in scripts:
        fetch(urljoin(home, address), "javascript")
    if 'lang="en"' not in fetch(home, language="en").decode():
        raise Missing("the page does not speak English")
    if fetch(urljoin(home, "/sorgente/"))[:2] != b"\x1f\x8b":
        raise Missing("the source is no archive")


def fetch(address: str, kind: str = "", *, language: str = "it") -> bytes:
    """What is at an address of this machine; Missing unless it is there, is not empty and is of this kind."""
    request = urllib.request.Request(address, headers={"Accept-Language": language})  # noqa: S310 - http, to this machine
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
            content: bytes = answer.read()
            found = answer.headers.get_content_type()
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise Missing(f"{address} answers {refusal.code}") from refusal
    if not content or kind not in found:
        raise Missing(f"{address} is {len(content)} bytes of {found}")
    return content


def free_ports() -> tuple[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return str(one.getsockname()[1]), str(other.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
