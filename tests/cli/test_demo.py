# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo, as somebody starts it: everything comes up, everything ends, and the data are there the next time."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from arengo.cli.cast import STAFF
from arengo.core import embedded
from tests.cli.commands import ROOT, arengo, environment, free_ports
from tests.support.demo import Demo
from tests.support.waiting import NEVER, until

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return free_ports()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the tests of this file, which follow one another."""
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture
def running(data: Path, settings: dict[str, str]) -> Iterator[list[Demo]]:
    demos: list[Demo] = []
    yield demos
    for demo in demos:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.process.wait(NEVER)
    embedded.stop(data)


def start(running: list[Demo], data: Path, settings: dict[str, str], *through: str) -> Demo:
    demo = Demo(data, list(through) or [sys.executable, "-m", "arengo", "demo"], settings)
    running.append(demo)
    demo.wait_until_ready()
    return demo


def passwords_that_work(data: Path, password: str) -> str:
    """Whether each of the sample staff signs in with it."""
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'arengo.config.settings'\n"
        "from arengo.cli.prepared import prepared\n"
        "with prepared():\n"
        "    from arengo.core.models import Person\n"
        "    password = os.environ['ARENGO_DEMO_PASSWORD']\n"
        "    print([person.check_password(password) for person in Person.objects.all()])"
    )
    settings = environment(data, ARENGO_DEMO_PASSWORD=password)
    done = subprocess.run(
        [sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_it_comes_up_whole_and_sigterm_ends_all_of_it(
    data: Path, settings: dict[str, str], running: list[Demo]
) -> None:
    demo = Demo(data, [sys.executable, "-m", "arengo", "demo"], settings)
    running.append(demo)
    until(demo.is_ready, demo.words)
    # Written at the first moment at which it says that it is ready.
    shown = json.loads(demo.get("/sandbox/people", demo.outside)[1])["people"]
    [first] = [person["id"] for person in shown if person["name"] == "Anna Esempio"]
    demo.writes(first, "Iscrivimi")
    until(lambda: "Comune di Esempio" in demo.chat_of(first), "what was written first has no answer")
    demo.wait_until_ready()
    for address in (f":{demo.site}/console/", f":{demo.site}/", f":{demo.outside}/phones/"):
        assert f"http://127.0.0.1{address}" in demo.words()
    for person in STAFF:
        assert person.email in demo.words()
    assert demo.get("/healthz")[0] == 200
    assert json.loads(demo.get("/readyz")[1])["status"] == "ok"
    assert "Comune di Esempio" in demo.get("/")[1]
    assert demo.get("/phones/", demo.outside)[0] == 200
    second = arengo(data, "demo", **free_ports())
    assert second.returncode != 0
    assert str(demo.process.pid) in second.stderr
    demo.end(signal.SIGTERM)
    assert demo.process.returncode == 0


def test_it_finds_everything_again_and_ctrl_c_ends_all_of_it(
    data: Path, settings: dict[str, str], running: list[Demo]
) -> None:
    demo = start(running, data, settings)
    shown = json.loads(demo.get("/sandbox/people", demo.outside)[1])["people"]
    people = {person["name"]: person["id"] for person in shown}
    # Who subscribed when the demo was first started still has the welcome on the phone.
    assert "Comune di Esempio" in demo.chat_of(people["Bruno Campione"])
    # Who has no phone number is answered as well, on the road that was just started again.
    demo.writes(people["Elena Senzanumero"], "Iscrivimi")
    until(lambda: "Comune di Esempio" in demo.chat_of(people["Elena Senzanumero"]), "Elena has no answer")
    demo.end(signal.SIGINT)


def test_after_everything_was_killed_it_starts_again_with_the_password_that_it_is_given(
    data: Path, settings: dict[str, str], running: list[Demo]
) -> None:
    demo = start(running, data, settings)
    family = demo.family()
    demo.process.kill()
    demo.process.wait()
    for process in family[1:]:
        if process.is_running() and "postgres" not in process.name():
            process.kill()
    chosen = "una parola scelta"
    again = start(running, data, {**settings, "ARENGO_DEMO_PASSWORD": chosen})
    assert again.get("/readyz")[0] == 200
    assert chosen in again.words()
    assert passwords_that_work(data, chosen) == "[True, True, True]"
    again.end(signal.SIGTERM)


def test_a_web_process_that_dies_comes_back(
    data: Path, settings: dict[str, str], running: list[Demo]
) -> None:
    demo = start(running, data, settings)
    (web,) = [
        process
        for process in psutil.Process(demo.process.pid).children()
        if process.status() != psutil.STATUS_ZOMBIE and "uvicorn" in process.cmdline()
    ]
    os.killpg(web.pid, signal.SIGKILL)
    until(lambda: "«web»" in demo.words(), demo.words)

    until(demo.is_ready, "the site has not come back")
    demo.end(signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_make_alone_ends_all_of_it(
    data: Path, settings: dict[str, str], running: list[Demo], tmp_path: Path, number: signal.Signals
) -> None:
    recipe = re.search(
        r"-- \.venv/bin/python (-m arengo demo)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert recipe
    (tmp_path / "Makefile").write_text(f"demo:\n\t@true; exec {sys.executable} {recipe[1]}\n")
    demo = start(running, data, settings, "make", "-f", str(tmp_path / "Makefile"), "demo")
    demo.end(number)
