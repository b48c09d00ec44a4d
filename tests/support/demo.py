# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo, as somebody starts it."""

from __future__ import annotations

import json
import signal
import subprocess
from http.client import HTTPConnection
from pathlib import Path

import psutil

from arengo.core import embedded
from tests.cli.commands import ROOT, environment
from tests.support.waiting import NEVER, until


class Demo:
    """A running `arengo demo`; `through` is what starts it."""

    def __init__(self, data: Path, through: list[str], settings: dict[str, str]) -> None:
        self.data, self.settings = data, settings
        self.site, self.outside = int(settings["ARENGO_PORT"]), int(settings["SANDBOX_PORT"])
        self.output = data.parent / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                through,
                cwd=ROOT,
                env=environment(data, **settings),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def words(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, self.words()
            return "Ctrl-C per fermare." in self.words()

        until(ready, self.words)

    def is_ready(self) -> bool:
        """As somebody who asks from outside, from the beginning on."""
        assert self.process.poll() is None, self.words()
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path: str, port: int | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", port or self.site, timeout=NEVER)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def chat_of(self, person: str) -> str:
        """All that is on this person's phone."""
        return self.get(f"/sandbox/people/{person}/messages", self.outside)[1]

    def writes(self, person: str, text: str) -> None:
        connection = HTTPConnection("127.0.0.1", self.outside, timeout=NEVER)
        body = json.dumps({"type": "text", "text": text})
        connection.request(
            "POST", f"/sandbox/people/{person}/messages", body, {"Content-Type": "application/json"}
        )
        assert connection.getresponse().status < 300
        connection.close()

    def family(self) -> list[psutil.Process]:
        """Every process that it started, the database's too."""
        me, database = psutil.Process(self.process.pid), psutil.Process(embedded.start(self.data).pid)
        found = [me, *me.children(recursive=True), database, *database.children(recursive=True)]
        return list(dict.fromkeys(found))

    def end(self, number: signal.Signals) -> None:
        """Send one signal; all must be gone."""
        family = self.family()
        assert len(family) > 6
        self.process.send_signal(number)
        self.process.wait(NEVER)
        _gone, left = psutil.wait_procs(family[1:], timeout=NEVER)
        assert not left, left
        assert not embedded.is_running(self.data)
