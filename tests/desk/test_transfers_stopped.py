# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A full disk, and jobs that die: the file ends all the same."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from arengo.core.models import Person
from arengo.desk import jobs, transfers
from arengo.desk.models import Attachment, Conversation, Message
from arengo.platforms.contract import Refusal, Remedy
from tests.desk.transferring import fetch, job, later, platform_does, run_due
from tests.factories.desk import upload
from tests.factories.pictures import picture

pytestmark = pytest.mark.django_db

State = Attachment.State
PHOTO = (picture(), "image/jpeg")
AWAY = Refusal(Remedy.RETRY, title="ClientConnectorError")


# --- the disk ---


def test_a_full_disk_leaves_no_half_file_and_is_tried_again_when_there_is_room(
    photo: Attachment, settings: Any, olga: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = platform_does(monkeypatch, "download", PHOTO)

    def half(_self: object, name: str, content: Any) -> str:
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(100))
        raise OSError(errno.ENOSPC, "No space left on device")

    room = False
    monkeypatch.setattr(transfers, "room_for", lambda _size: room)
    with monkeypatch.context() as full:
        full.setattr(FileSystemStorage, "_save", half)
        fetch(photo)
    assert (photo.state, photo.cause) == (State.PENDING, "disk")
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
    client.force_login(olga)
    page = client.get(reverse("desk:conversation", args=[photo.message.conversation_id])).text
    assert "disco di Arengo è pieno" in page
    later(photo, hours=2)
    assert run_due() == 0, "there is no room: nothing is downloaded in vain"
    room = True
    later(photo, hours=2)
    assert run_due() == 1
    photo.refresh_from_db()
    assert (photo.state, len(calls)) == (State.READY, 2)


def test_our_own_file_that_finds_no_room_is_refused_with_words_and_loses_no_text(
    conversation: Conversation, olga: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    client.force_login(olga)
    answer = client.post(
        reverse("desk:reply", args=[conversation.pk]),
        {"text": "Il modulo 4711", "key": "k", "files": upload("modulo.pdf", b"%PDF-1.7")},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "non c’è posto per i file" in answer.text
    assert "Il modulo 4711" in answer.text
    assert not Message.objects.filter(direction="out").exists()


# --- jobs that die ---


def killed_at_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_given: object, **_named: object) -> None:
        raise SystemExit

    monkeypatch.setattr(jobs, "call", die)


def test_a_job_that_was_killed_at_its_work_leaves_its_file_to_the_next(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_at_its_work(monkeypatch)
    with pytest.raises(SystemExit):
        fetch(photo)
    monkeypatch.undo()
    platform_does(monkeypatch, "download", PHOTO)
    assert run_due() == 0
    later(photo, hours=1)
    assert run_due() == 1
    photo.refresh_from_db()
    assert photo.state == State.READY


def test_a_killed_job_that_comes_again_goes_on_at_once(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = job()
    killed_at_its_work(monkeypatch)
    with pytest.raises(SystemExit):
        jobs.fetch_media(context, photo.organization_id, photo.pk)
    monkeypatch.undo()
    calls = platform_does(monkeypatch, "download", PHOTO)
    fetch(photo)
    assert calls == [], "another job waits: the first may still live"
    jobs.fetch_media(context, photo.organization_id, photo.pk)
    photo.refresh_from_db()
    assert photo.state == State.READY


def test_a_file_whose_job_does_not_exist_any_more_is_found(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", PHOTO)
    Attachment.objects.update(next_at=None, kept_until=None)  # as before these columns were there
    assert run_due() == 1
    photo.refresh_from_db()
    assert photo.state == State.READY


def test_a_trouble_that_cannot_be_written_down_ends_all_the_same(
    photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", AWAY)

    def away(*_given: object, **_named: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(transfers, "_write", away)
        with pytest.raises(OperationalError):
            fetch(photo)
    platform_does(monkeypatch, "download", PHOTO)
    later(photo, hours=1)
    assert run_due() == 1
    photo.refresh_from_db()
    assert photo.state == State.READY
