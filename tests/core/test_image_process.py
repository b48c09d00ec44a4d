# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that decodes a picture: what it may, and that its end is never ours."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from arengo.core.images import (
    DecoderFailed,
    PictureBusy,
    PictureRefused,
    PictureTooHeavy,
    Rendition,
    open_picture,
    opening,
)
from tests.core.hostile_pictures import WHOLE
from tests.support.waiting import NEVER

SMALL = Rendition(side=480, most_bytes=1_000_000)


@pytest.fixture
def decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``decoder(code)``: this runs in its place, as a decoder that was taken over would."""

    def replace(code: str) -> None:
        path = tmp_path / "decoder.py"
        path.write_text(code)
        monkeypatch.setattr(opening, "_DECODER", path)

    return replace


SAYS = """print('{"width":3,"height":3,"drawn":[{"mime_type":"%s","width":3,"height":3,"length":%d}]}\\nHTML', end='')"""
ENDS = {
    "killed": "import os; os.kill(os.getpid(), 9)",
    "crashed": "import os; os.kill(os.getpid(), 11)",
    "aborted": "import os; os.abort()",
    "failed": "raise SystemExit(3)",
    "silent": "",
    "no JSON": "print('x')",
    "other JSON": "print('{\"drawn\": 7}')",
    "another reason": 'print(\'{"refused": "<b>"}\')',
    "too few": 'print(\'{"width": 3, "height": 3}\')',
    "no picture": SAYS % ("image/png", 4),
    "wrong length": SAYS % ("image/png", -4),
    "another type": SAYS % ("text/html", 4),
    "without end": "import sys\ntry:\n  while True: sys.stdout.write('x' * 65536)\nexcept OSError: pass",
}


@pytest.mark.parametrize("code", ENDS.values(), ids=ENDS)
def test_however_the_decoder_ends_it_is_a_refusal(
    code: str, decoder: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "while True" in code:
        code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000000, 2000000))\n" + code
    decoder(code)
    with pytest.raises(DecoderFailed) as refused:
        open_picture(WHOLE["PNG"], SMALL)
    assert "Non siamo riusciti" in refused.value.words


def test_a_machine_that_can_start_no_process_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(PictureBusy):
        open_picture(WHOLE["PNG"], SMALL)


def test_a_decoder_that_takes_too_long_is_ended(
    decoder: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_WALL", 1)
    decoder("import time; time.sleep(600)")
    began = time.monotonic()
    with pytest.raises(DecoderFailed):
        open_picture(WHOLE["PNG"], SMALL)
    assert time.monotonic() - began < NEVER


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("memory", "bytearray(2_000_000_000)"),
        ("time", "while True: pass"),
        ("files", "open({file!r}, 'wb').write(bytes(50_000_000))"),
    ],
)
def test_the_decoder_limits_itself(
    harm: str, code: str, decoder: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The real limits, with harm in place of the decoding."""
    monkeypatch.setitem(opening._LIMITS, "cpu", 1)
    code = code.format(file=str(tmp_path / "written"))
    decoder(
        f"import importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('decoder', {str(opening._DECODER)!r})\n"
        f"decoder = importlib.util.module_from_spec(spec); spec.loader.exec_module(decoder)\n"
        f"def draw(content, task):\n    {code}\n    return {{'refused': 'too_heavy'}}, []\n"
        f"decoder.draw = draw\ndecoder.main()\n"
    )
    with pytest.raises(DecoderFailed if harm == "time" else PictureRefused) as refused:
        open_picture(WHOLE["PNG"], SMALL)
    assert not isinstance(refused.value, PictureTooHeavy)


def test_the_decoder_knows_no_secret_and_holds_nothing_of_ours(
    decoder: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ARENGO_VAULT_KEYS", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen = tmp_path / "seen"
    decoder(
        "import os, sys, json\n"
        f"told = {{'env': dict(os.environ), 'cwd': os.getcwd(), 'path': sys.path, 'argv': sys.argv, 'fds': os.listdir('/proc/self/fd')}}\n"
        f"open({str(seen)!r}, 'w').write(json.dumps(told))"
    )
    with open(seen, "w"), pytest.raises(DecoderFailed):
        open_picture(WHOLE["PNG"], SMALL)
    told = json.loads(seen.read_text())
    assert "secret" not in seen.read_text()
    assert set(told["env"]) <= {"LC_ALL", "LC_CTYPE", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS"}
    assert told["cwd"] == "/"
    assert len(told["fds"]) <= 4  # its three, and the one that lists them
    assert not [place for place in told["path"] if "arengo" in place and "site-packages" not in place]


def test_the_decoder_imports_nothing_of_arengo_and_of_django(tmp_path: Path) -> None:
    listed = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", str(opening._DECODER), '{"form":"PNG"}'],
        input=b"",
        capture_output=True,
        check=False,
    ).stderr.decode()
    source = opening._DECODER.read_text()
    for name in ("django", "arengo", "psycopg", "cryptography"):
        assert f"import {name}" not in source
        assert f"from {name}" not in source
        assert f" {name}" not in listed.partition("Traceback")[0]


def test_one_picture_is_opened_at_a_time_and_nobody_waits_for_ever(decoder: Callable[[str], None]) -> None:
    decoder("import time; time.sleep(1.5)")
    ended: list[Exception] = []

    def slow() -> None:
        try:
            open_picture(WHOLE["PNG"], SMALL)
        except DecoderFailed as error:
            ended.append(error)

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        while opening._one_at_a_time.acquire(blocking=False):
            opening._one_at_a_time.release()
            time.sleep(0.01)
        with pytest.raises(PictureBusy) as busy:
            open_picture(WHOLE["PNG"], SMALL, patience=0.1)
        assert "fra qualche secondo" in busy.value.words
    finally:
        thread.join()
    assert ended
    with pytest.raises(DecoderFailed):  # the turn was given back
        open_picture(WHOLE["PNG"], SMALL, patience=0.1)
