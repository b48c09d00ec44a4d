# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real sandbox process for any room's tests: `with sandbox_process() as sandbox: …`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.support.ports import free_port
from tests.support.waiting import NEVER, until


@dataclass
class Answer:
    """What the control API answered."""

    status: int
    body: Any


@dataclass
class SandboxProcess:
    """A running sandbox. `account` are its ids and numbers; the secrets are those of `environment`."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    account: dict[str, Any] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return self.environment.get("SANDBOX_ACCESS_TOKEN", "sandbox-access-token")

    @property
    def app_secret(self) -> str:
        return self.environment.get("SANDBOX_APP_SECRET", "sandbox-app-secret")

    @property
    def waba_id(self) -> str:
        return str(self.account["waba_id"])

    @property
    def phone_number_id(self) -> str:
        return str(self.account["phone_numbers"][0]["id"])

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Any request with a JSON body, the answer whatever its status."""
        raw = None if body is None else json.dumps(body).encode()
        wanted = urllib.request.Request(  # noqa: S310 - always http, to this process
            self.url + path,
            data=raw,
            method=method,
            headers={"Content-Type": "application/json"} | (headers or {}),
        )
        try:
            with urllib.request.urlopen(wanted, timeout=NEVER) as got:  # noqa: S310 - as above
                return Answer(got.status, _parsed(got.read()))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, _parsed(refusal.read()))

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A control request that must succeed; its JSON. `path` may leave out `/sandbox`."""
        whole = path if path.startswith("/sandbox") else f"/sandbox{path}"
        answer = self.ask(method, whole, body)
        assert answer.status < 400, f"{method} {whole}: {answer.status} {answer.body}"
        return answer.body

    def graph(self, method: str, path: str, body: Any = None) -> Answer:
        """A Graph request with the token, whatever its status: `graph("POST", f"/{number}/messages", {...})`."""
        return self.ask(method, f"/v24.0{path}", body, {"Authorization": f"Bearer {self.token}"})

    def stop(self, within: float = NEVER) -> int:
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def kill(self) -> None:
        """SIGKILL: no farewell, nothing saved but what was saved already."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def sandbox_process(
    data: Path | None = None, *, port: int | None = None, stderr: IO[bytes] | None = None, **env: str
) -> Iterator[SandboxProcess]:
    """Start `python -m arengo.sandbox` on a free port (or on `port`), with `env` on top of its defaults."""
    chosen = port or free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SANDBOX_", "ARENGO_"))
    }
    environment |= env
    command = [sys.executable, "-m", "arengo.sandbox", "--port", str(chosen)]
    if data is not None:
        command += ["--data", str(data)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=stderr)
    sandbox = SandboxProcess(f"http://127.0.0.1:{chosen}", chosen, process, environment)
    try:
        _wait_until_ready(sandbox)
        sandbox.account = sandbox.control("GET", "/account")
        yield sandbox
    finally:
        sandbox.stop()


def _wait_until_ready(sandbox: SandboxProcess) -> None:
    def ready() -> bool:
        if sandbox.process.poll() is not None:
            raise RuntimeError(f"the sandbox ended at once, exit code {sandbox.process.returncode}")
        try:
            sandbox.control("GET", "/health")
        except OSError:
            return False
        return True

    until(ready, "the sandbox is not ready")


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
