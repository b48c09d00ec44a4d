# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets everything up below this folder, then becomes the command that it is given.

    python3 tools/setup.py base -- .venv/bin/python -m arengo demo
    python3 tools/setup.py dev
    python3 tools/setup.py bench -- .venv/bin/python -m bench

Needs Python 3.11, Node 20 and the registries of both; nothing else. uv and npm do the work; here is what they do not:
uv itself, one setup at a time, nothing that did not change done again (then the network is not needed), and one line for
what goes wrong; the details are in build/setup.log.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
LOG = BUILD / "setup.log"
sys.path.insert(0, str(ROOT))

from tools import built  # noqa: E402 - found by the line before

PYTHON = (3, 11)
NODE = 20


class Failed(Exception):
    """One line for whoever typed `make`."""


def tell(words: str) -> None:
    print(words, flush=True)


def main(arguments: list[str]) -> None:
    kind, command = arguments[0], arguments[2:]
    use_a_good_python()
    for number in (signal.SIGTERM, signal.SIGHUP):  # what is at work is ended, as at a Ctrl-C
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    try:
        with one_at_a_time():
            check_node()
            packages = begin_packages()
            environment(kind)
            frontend(packages)
            catalogues()
    except Failed as error:
        sys.exit(f"arengo: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    finally:
        for step in Step.begun:
            step.process.kill()
    if command:
        os.execv(ROOT / command[0], [str(ROOT / command[0]), *command[1:]])  # noqa: S606 - in our place


def use_a_good_python() -> None:
    """Go on with another Python if this one is too old."""
    if sys.version_info >= PYTHON:
        return
    for minor in (13, 12, 11, 14):
        better = shutil.which(f"python3.{minor}")
        if better:
            os.execv(better, [better, *sys.argv])  # noqa: S606 - in our place
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"arengo: serve Python 3.11 o più recente, questo è {found}: installarlo "
        "(su Debian e Ubuntu: «sudo apt install python3 python3-venv») e ripetere"
    )


def check_node() -> None:
    where = "installarlo da https://nodejs.org (su Debian e Ubuntu: «sudo apt install nodejs npm») e ripetere"
    node = shutil.which("node")
    if not node:
        raise Failed(f"manca Node.js {NODE} o più recente: {where}")
    if not shutil.which("npm"):
        raise Failed(f"manca npm, che accompagna Node.js: {where}")
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = answer.lstrip("v").split(".")[0]
    if not major.isdigit() or int(major) < NODE:
        raise Failed(f"serve Node.js {NODE} o più recente, questo è {answer or 'sconosciuto'}: {where}")


def environment(kind: str) -> None:
    """The virtual environment with the hashed requirements, and our own source in its path."""
    home = fingerprint([Path(sys.executable).resolve(), ROOT], sys.version)
    python = VENV / "bin" / "python"
    if not python.exists() or read(VENV / ".home") != home:
        tell("Preparo l'ambiente Python…")
        if subprocess.run(
            [sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False
        ).returncode:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise Failed(
                f"a Python manca il modulo venv: su Debian e Ubuntu «sudo apt install python{version}-venv»"
            )
        shutil.rmtree(VENV, ignore_errors=True)
        step("l'ambiente Python", [sys.executable, "-m", "venv", str(VENV)])
        write(VENV / ".home", home)
    wanted = {name: fingerprint([ROOT / "requirements" / f"{name}.txt"]) for name in ("base", "dev", "bench")}
    # What tests and checks need includes what the program needs. Measuring needs others' programs as well.
    enough = {kind} if kind == "bench" else {kind, "dev"}
    if not any(read(VENV / f".installed-{name}") == wanted[name] for name in enough):
        tell("Installo le librerie Python (la prima volta ci vuole circa un minuto)…")
        install(python, ROOT / "requirements" / f"{kind}.txt")
        write(VENV / f".installed-{kind}", wanted[kind])
    arrange_package(python)


def install(python: Path, requirements: Path) -> None:
    """With uv, which takes seconds; with pip itself where uv cannot reach the index that pip is configured for."""
    what, checked = "le librerie Python", ["--require-hashes", "--no-deps", "--quiet"]
    pip = [str(python), "-m", "pip", "install", *checked]
    step(what, [*pip, "--only-binary=:all:", "-r", str(ROOT / "requirements" / "installer.txt")])
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(python), *checked]
    try:
        step(what, [*uv, "-r", str(requirements)])
    except Failed:
        step(what, [*pip, "--no-compile", "-r", str(requirements)])


def arrange_package(python: Path) -> None:
    """`import arengo` and the command `arengo`, without building a package."""
    site = next((VENV / "lib").glob("python3*/site-packages"))
    write(site / "arengo.pth", f"{ROOT / 'src'}\n")
    script = VENV / "bin" / "arengo"
    write(script, f"#!{python}\nfrom arengo.cli.main import main\n\nmain()\n")
    script.chmod(0o755)


PACKAGES = [ROOT / name for name in built.PACKAGES]


def begin_packages() -> Step | None:
    """npm works while Python is being set up."""
    if read(ROOT / "node_modules" / ".arengo") == fingerprint(PACKAGES):
        return None
    tell("Scarico le librerie delle pagine…")
    # No script of a package runs, whatever npm is told elsewhere: an argument wins over the environment and .npmrc.
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return Step("le librerie delle pagine", command)


def frontend(packages: Step | None) -> None:
    """Styles, fonts and scripts, built into build/static."""
    if packages:
        packages.finish()
        write(ROOT / "node_modules" / ".arengo", fingerprint(PACKAGES))
    if not built.pages(ROOT).is_fresh():
        tell("Costruisco stili e caratteri delle pagine…")
        step("gli stili delle pagine", ["node", "frontend/build.mjs"])
        built.pages(ROOT).put_stamp()


def catalogues() -> None:
    """The translations, in the form that is read at run time."""
    catalogues = built.catalogues(ROOT)
    if not catalogues.is_fresh():
        step("le traduzioni", [str(VENV / "bin" / "python"), str(ROOT / "tools" / "messages.py"), "compile"])
        catalogues.put_stamp()


def step(what: str, command: list[str]) -> None:
    Step(what, command).finish()


class Step:
    """One command at work; its output goes to the log."""

    begun: list[Step] = []

    def __init__(self, what: str, command: list[str]) -> None:
        self.what = what
        with LOG.open("ab") as log:
            log.write(f"\n$ {' '.join(command)}\n".encode())
            log.flush()
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=quiet_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.begun.append(self)

    def finish(self) -> None:
        """Wait for its end; Failed with a telling line of its output when it was no good one."""
        if self.process.wait():
            lines = [line.strip() for line in LOG.read_text(errors="replace").splitlines()[-40:]]
            telling = [line for line in lines if "error" in line.lower()]
            reason = (telling or [line for line in lines if line] or ["?"])[-1][:200]
            raise Failed(
                f"{self.what}: non è riuscito ({reason}); controllare la rete e ripetere (tutto in {LOG})"
            )


def quiet_environment() -> dict[str, str]:
    """Without what would make the tools ask, chat, or write where they may not."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    kept.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", NO_UPDATE_NOTIFIER="1", CI="1")
    home = Path(kept.get("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK):
        kept.update(HOME=str(BUILD), npm_config_cache=str(BUILD / "npm-cache"), PIP_NO_CACHE_DIR="1")
    return kept


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two `make` at once would step on each other's feet."""
    try:
        BUILD.mkdir(exist_ok=True)
        lock = (BUILD / ".lock").open("a")
        LOG.write_text("")
    except OSError as error:
        raise Failed(
            f"non si può scrivere in {BUILD} ({error.strerror}): correggere i permessi e ripetere"
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint(paths: list[Path], extra: str = "") -> str:
    digest = hashlib.sha256(extra.encode())
    for path in paths:
        digest.update(str(path).encode() + b"\0")
        if path.is_file() and path.stat().st_size < 5_000_000:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def read(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""


def write(path: Path, text: str) -> None:
    if read(path) != text.strip():
        path.write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
