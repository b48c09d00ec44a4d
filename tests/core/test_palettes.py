# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Palettes that would be hard to read never reach a browser: the build stops."""

from __future__ import annotations

import json
import subprocess

import pytest
from django.conf import settings

from tests.support.waiting import NEVER


def _judge(hue: int, saturation: int, brightness: int) -> subprocess.CompletedProcess[str]:
    colour = json.dumps({"hue": hue, "saturation": saturation, "brightness": brightness})
    script = (
        'import { propertiesOf } from "./frontend/palette.mjs";'
        f'console.log(JSON.stringify(propertiesOf("prova", {colour})))'
    )
    return subprocess.run(
        ["node", "--input-type=module", "-e", script],
        cwd=settings.BASE,
        capture_output=True,
        text=True,
        timeout=NEVER,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "colour"), json.loads((settings.BASE / "frontend" / "palettes.json").read_text()).items()
)
def test_a_palette_of_ours_can_be_read(name: str, colour: dict[str, int]) -> None:
    judged = _judge(**colour)
    assert judged.returncode == 0, judged.stderr
    assert json.loads(judged.stdout)["--palette-primary"] != "#0066cc"  # the blue of the State is the State's


def test_a_pale_palette_stops_the_build_and_says_why() -> None:
    judged = _judge(hue=55, saturation=90, brightness=95)
    assert judged.returncode != 0
    assert "primary on white has contrast" in judged.stderr
