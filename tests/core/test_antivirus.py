# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What clamd is told, and what its answers mean."""

from __future__ import annotations

import io
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from arengo.core import antivirus
from arengo.core.antivirus import NotTaken, ScannerAway, answers, found_in
from tests.support.clamd import EICAR, debians, needs_debians, speaking


def test_a_clean_file_is_sent_whole_and_one_with_a_virus_is_named(settings: Any, tmp_path: Path) -> None:
    with speaking(tmp_path) as (settings.ARENGO_CLAMD, clamd):
        assert found_in(io.BytesIO(b"x" * (2 * antivirus.CHUNK + 7))) == ""
        assert found_in(io.BytesIO(b"")) == ""
        assert clamd.seen == [2 * antivirus.CHUNK + 7, 0]
        content = io.BytesIO(b"PK" + EICAR)
        content.seek(9)  # whatever was read of it before
        assert found_in(content) == "Eicar-Body.UNOFFICIAL"


def test_what_the_daemon_does_not_take_was_not_looked_at(settings: Any, tmp_path: Path) -> None:
    with speaking(tmp_path) as (settings.ARENGO_CLAMD, clamd):
        assert answers()
        clamd.most = 10
        with pytest.raises(NotTaken):
            found_in(io.BytesIO(b"x" * (4 * antivirus.CHUNK)))


def test_without_a_daemon_nobody_looks_and_an_absent_one_says_so(settings: Any, tmp_path: Path) -> None:
    settings.ARENGO_CLAMD = ""
    assert found_in(io.BytesIO(EICAR)) == ""
    assert answers()
    for away in (str(tmp_path / "none.ctl"), "127.0.0.1:9"):
        settings.ARENGO_CLAMD = away
        with pytest.raises(ScannerAway) as away_error:
            found_in(io.BytesIO(b"x"))
        assert not isinstance(away_error.value, NotTaken)
        assert not answers()


@pytest.mark.parametrize(
    "answer", [b"", b"stream: ", b"\xff" * 9000, b"stream: OK and more\0", b"UNKNOWN COMMAND\0"]
)
def test_any_other_answer_is_no_all_clear(settings: Any, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.ARENGO_CLAMD = f"127.0.0.1:{server.getsockname()[1]}"

        def say() -> None:
            line, _address = server.accept()
            with line:
                line.recv(65536)
                line.sendall(answer)

        thread = threading.Thread(target=say)
        thread.start()
        with pytest.raises(NotTaken):
            found_in(io.BytesIO(b"x"))
        thread.join()


@needs_debians
def test_debians_clamd_agrees(settings: Any, tmp_path: Path) -> None:
    with debians(tmp_path) as settings.ARENGO_CLAMD:
        assert answers()
        assert found_in(io.BytesIO(b"nothing")) == ""
        assert found_in(io.BytesIO(EICAR)) == "Eicar-Body.UNOFFICIAL"
