# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""There is one door for pictures: nothing else of Arengo hands foreign bytes to a decoder, today and tomorrow."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


def every_form(base: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in base.__subclasses__():
        yield form
        yield from every_form(form)


def test_no_form_has_a_field_that_opens_what_is_chosen() -> None:
    assert (
        get_resolver().url_patterns
    )  # every view, and with it every form that a person can reach, is imported now
    found = list(every_form())
    assert len(found) > 10
    for form in found:
        fields = {**getattr(form, "declared_fields", {}), **getattr(form, "base_fields", {})}
        assert not [name for name, field in fields.items() if isinstance(field, forms.ImageField)], form


def test_no_model_has_a_field_that_opens_what_is_stored() -> None:
    for model in apps.get_models(include_auto_created=True):
        found = [field.name for field in model._meta.get_fields() if isinstance(field, models.ImageField)]
        assert not found, model


OTHER_DOORS = [
    "from PIL import Image\nImage.open(x)",
    "from PIL import Image as Picture\nPicture.open(x)",
    "import PIL.Image\nPIL.Image.open(x)",
    "from PIL.Image import open as look",
    "from PIL import ImageFile\nImageFile.Parser()",
    "from PIL.PngImagePlugin import PngImageFile",
    "import pillow_heif\npillow_heif.open_heif(x)",
    "from pillow_heif import read_heif",
    "from django.core.files.images import get_image_dimensions",
    "from django import forms\nforms.ImageField()",
    "from django.forms import ImageField",
    "from django.db import models\nmodels.ImageField()",
    # where a drawing of our own has leave to import Pillow
    "from PIL import Image  # noqa: TID251\nImage.open(x)",
    "from PIL import Image  # noqa: TID251\nImage.frombuffer(x)",
]


@pytest.mark.parametrize("code", OTHER_DOORS)
@pytest.mark.parametrize(
    "room",
    ["arengo/desk", "arengo/core", "arengo/a_room_of_next_year", "arengo_sandbox", "embedded_postgres"],
)
def test_the_lint_knows_every_other_door(code: str, room: str) -> None:
    told = subprocess.run(
        [
            ROOT / ".venv" / "bin" / "ruff",
            "check",
            "--select",
            "TID251",
            "--stdin-filename",
            SOURCE / room / "x.py",
            "-",
        ],
        input=code.encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert b"TID251" in told.stdout, told.stderr.decode()


def test_only_drawings_of_our_own_name_pillow() -> None:
    naming = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "PIL" in path.read_text() or "pillow_heif" in path.read_text()
    }
    assert naming == {
        "arengo/core/images/decoder.py",
        "arengo/cli/emblem.py",
        "arengo/cli/sample_photo.py",
        "arengo/delivery/templates/sample_picture.py",
    }
