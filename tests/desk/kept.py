# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A photo that has come and can be opened: a fixture."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from arengo.audience.models import Identity
from arengo.desk.models import Attachment
from tests.desk.road import Writes
from tests.factories.desk import photo_said
from tests.factories.pictures import picture


@pytest.fixture
def photo(write: Writes, anna: Identity) -> Attachment:
    """Anna's photo, arrived."""
    write(photo_said(anna, "La buca"))
    attachment = Attachment.objects.get()
    attachment.size = 1
    attachment.file.save("", ContentFile(picture()), save=False)
    attachment.make_thumbnail()
    attachment.state = Attachment.State.READY
    attachment.save()
    return attachment
