# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo, as somebody starts it: everything comes up, everything ends, and the data are there the next time."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from arengo.cli import embedded
from arengo.cli.cast import STAFF
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


def asked(data: Path, code: str, **chosen: str) -> str:
    """What these lines print, beside the demo that runs there."""
    lines = textwrap.indent(textwrap.dedent(code), "    ")
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'arengo.config.settings'\n"
        f"from arengo.cli.prepared import prepared\nwith prepared():\n{lines}"
    )
    settings = environment(data, **chosen)
    done = subprocess.run(
        [sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def passwords_that_work(data: Path, password: str) -> str:
    """Whether each of the sample staff signs in with it."""
    code = """
        from arengo.core.models import Person
        password = os.environ['ARENGO_DEMO_PASSWORD']
        print([person.check_password(password) for person in Person.objects.all()])
    """
    return asked(data, code, ARENGO_DEMO_PASSWORD=password)


# What an operator finds at the desk.
AT_THE_DESK = """
    import json
    from datetime import timedelta
    from django.utils import timezone
    from arengo.core.models import Organization
    from arengo.core.scope import organization_scope
    from arengo.desk.directory.models import DirectoryEntry
    from arengo.desk.follow_ups.models import FollowUp
    from arengo.desk.hours.models import Closure, ExtraOpening, Timetable
    from arengo.desk.labels.models import Labelled
    from arengo.desk.lists.waiting import clock
    from arengo.desk.models import Attachment, Conversation, Desk, Message, Version
    from arengo.desk.models.conversations import WAITS
    from arengo.desk.notes.models import Mention, Note
    from arengo.desk.redirects.models import Redirected
    from arengo.desk.replies.models import CannedReply
    from django.db.models import F
    with organization_scope(Organization.objects.get()):
        desks = [desk.pk for desk in Desk.objects.all()]
        now = clock(desks, 60)
        waiting = list(Conversation.objects.filter(WAITS, state="open", follow_up=None))
        kinds = set(Message.objects.filter(direction="in").values_list("kind", flat=True))
        late = [each for each in waiting if now.is_late(each.desk_id, each.waiting_since)]
        found = {
            "desks": [desk.name for desk in Desk.objects.all()],
            "late": len(late),
            "in time": len(waiting) - len(late),
            "shut": len([each for each in waiting if now.now - each.citizen_wrote_at > timedelta(hours=23)]),
            "late arrivals": Message.objects.filter(direction="in", received_at__gt=F("sent_at") + timedelta(minutes=30)).count(),
            "missing kinds": sorted({"text", "image", "audio", "document", "sticker", "location", "contacts", "call",
                "unsupported"} - kinds),
            "files that failed": Attachment.objects.filter(state="failed").count(),
            "edited": Version.objects.count(),
            "quoting": Message.objects.filter(direction="in", reply_to__direction="out").count(),
            "to follow up": FollowUp.objects.filter(done_at=None, day=timezone.localdate()).count(),
            "redirected": Redirected.objects.count(),
            "mentions": Mention.objects.count(),
            "notes": Note.objects.count(),
            "closures": Closure.objects.count() + ExtraOpening.objects.count(),
            "patron": Timetable.objects.filter(patron_day=12).count(),
            "labelled": Labelled.objects.count() > 5,
            "replies": CannedReply.objects.count(),
            "offices": DirectoryEntry.objects.count(),
        }
        print(json.dumps(found))
"""


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
    assert json.loads(asked(data, AT_THE_DESK)) == {
        "desks": ["URP", "Polizia locale"],
        "late": 2,
        "in time": 7,
        "shut": 0,
        "late arrivals": 0,
        "missing kinds": [],
        "files that failed": 0,
        "edited": 1,
        "quoting": 1,
        "to follow up": 1,
        "redirected": 1,
        "mentions": 1,
        "notes": 2,
        "closures": 2,
        "patron": 2,
        "labelled": True,
        "replies": 6,
        "offices": 5,
    }
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
        with contextlib.suppress(psutil.NoSuchProcess):  # some end by themselves now
            if "postgres" not in process.name():
                process.kill()
    chosen = "una parola scelta"
    again = start(running, data, {**settings, "ARENGO_DEMO_PASSWORD": chosen})
    assert again.get("/readyz")[0] == 200
    assert chosen in again.words()
    assert passwords_that_work(data, chosen) == str([True] * len(STAFF))
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


@pytest.mark.parametrize(
    ("number", "send"),
    [(signal.SIGTERM, os.kill), (signal.SIGKILL, os.kill), (signal.SIGINT, os.killpg)],
    ids=["told to end", "killed", "Ctrl-C"],
)
def test_what_ends_make_ends_all_of_it(
    data: Path,
    settings: dict[str, str],
    running: list[Demo],
    tmp_path: Path,
    number: signal.Signals,
    send: Callable[[int, int], None],
) -> None:
    """A terminal sends its Ctrl-C to make and to what make started."""
    makefile = (ROOT / "Makefile").read_text()
    recipe = re.search(r"-- \.venv/bin/python (-m arengo demo)$", makefile, re.MULTILINE)
    with_make = re.search(r"^WITH_MAKE = .*$", makefile, re.MULTILINE)
    assert recipe
    assert with_make
    (tmp_path / "Makefile").write_text(
        f"{with_make[0]}\ndemo:\n\t@true; exec $(WITH_MAKE) {sys.executable} {recipe[1]}\n"
    )
    demo = start(running, data, settings, "make", "-f", str(tmp_path / "Makefile"), "demo")
    demo.end(number, send)
