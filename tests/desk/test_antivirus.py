# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files with a virus reach nobody; while the antivirus is away files wait, and say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.core.console import conditions, troubles
from arengo.core.console.troubles import Trouble
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.desk import replying, transfers
from arengo.desk.models import Attachment, Conversation, Message
from tests.desk.kept_files import stored
from tests.desk.road import DESK, page_of
from tests.desk.transferring import fetch, later, platform_does, run_due, send
from tests.factories.desk import upload
from tests.support.clamd import EICAR, debians, needs_debians, speaking

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def test_a_citizens_virus_is_thrown_away_and_named(
    photo: Attachment,
    olga: Person,
    browse: Browse,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = platform_does(monkeypatch, "download", (EICAR, "image/jpeg"))
    with speaking(tmp_path) as (settings.ARENGO_CLAMD, _clamd):
        fetch(photo)
    assert (photo.state, photo.cause) == ("failed", "scan")
    assert stored(settings) == []
    assert not transfers.can_fetch(photo)
    assert not transfers.again(photo)
    assert len(calls) == 1
    page = browse(olga).get(page_of(photo.message.conversation)).content.decode()
    assert "Eicar-Body.UNOFFICIAL" in page
    assert "Riprova a scaricare" not in page


def test_while_the_antivirus_is_away_a_citizens_file_waits_and_nobody_opens_it(
    photo: Attachment,
    olga: Person,
    browse: Browse,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = platform_does(monkeypatch, "download", (b"%PDF-1.7", "application/pdf"))
    settings.ARENGO_CLAMD = str(tmp_path / "clamd.ctl")
    fetch(photo)
    assert (photo.state, photo.cause) == ("pending", "scan")
    client = browse(olga)
    assert "L’antivirus non risponde" in client.get(page_of(photo.message.conversation)).content.decode()
    assert client.get(f"{DESK}allegati/{photo.pk}/").status_code == 404
    with speaking(tmp_path):
        later(photo, hours=2)
        assert run_due() == 1
    photo.refresh_from_db()
    assert photo.state == "ready"
    assert len(calls) == 1  # it lay here
    answer = client.get(f"{DESK}allegati/{photo.pk}/")
    assert answer.status_code == 200
    answer.close()


def test_a_file_that_nobody_ever_looked_at_ends(
    photo: Attachment, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", (b"%PDF-1.7", "application/pdf"))
    settings.ARENGO_CLAMD = str(tmp_path / "none.ctl")
    fetch(photo)
    Message.objects.update(received_at=timezone.now() - timedelta(days=8))
    later(photo, hours=2)
    run_due()
    photo.refresh_from_db()
    assert photo.state == "failed"
    assert not photo.may_be_opened


def fetched_in_vain(photo: Attachment) -> None:
    """Three times, which takes it two minutes."""
    for _time in range(3):
        later(photo, hours=2)
        fetch(photo)


def troubles_now() -> list[Trouble]:
    return [one for one in troubles.troubles(conditions.read()) if one.kind.startswith("antivirus")]


def test_while_files_wait_for_the_antivirus_administrators_are_told_and_it_ends_by_itself(
    photo: Attachment,
    alice: Person,
    olga: Person,
    browse: Browse,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    platform_does(monkeypatch, "download", (b"%PDF-1.7", "application/pdf"))
    settings.ARENGO_CLAMD = str(tmp_path / "clamd.ctl")
    home, status = reverse("settings:home"), reverse("settings:status")
    fetch(photo)
    assert troubles_now() == [], "it may only be starting anew"
    fetched_in_vain(photo)
    [trouble] = troubles_now()
    assert (trouble.kind, trouble.person) == ("antivirus_away", True)
    assert trouble.title == "L’antivirus non risponde: 1 file aspetta"
    administrator = browse(alice)
    assert 'data-banner="antivirus-away"' in administrator.get(home).text
    page = administrator.get(status).text
    assert 'data-trouble="antivirus_away"' in page
    assert 'data-banner="antivirus-away"' not in page, "the page says it itself"
    assert 'data-banner="antivirus-away"' not in browse(olga).get(DESK).text
    with speaking(tmp_path):
        later(photo, minutes=6)
        Attachment.objects.update(next_at=timezone.now() + timedelta(minutes=50))  # the pause is long by now
        assert run_due() == 1
    photo.refresh_from_db()
    assert photo.state == "ready"
    assert troubles_now() == []
    assert 'data-banner="antivirus-away"' not in administrator.get(home).text


def test_a_file_that_the_antivirus_does_not_take_is_another_trouble_and_keeps_its_pause(
    photo: Attachment,
    olga: Person,
    browse: Browse,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    platform_does(monkeypatch, "download", (b"%PDF-1.7" * 1000, "application/pdf"))
    with speaking(tmp_path) as (settings.ARENGO_CLAMD, clamd):
        clamd.most = 10
        fetched_in_vain(photo)
        assert [each.kind for each in troubles_now()] == ["antivirus_refuses"]
        assert (
            "L’antivirus non accetta questo file"
            in browse(olga).get(page_of(photo.message.conversation)).text
        )
        later(photo, minutes=6)
        Attachment.objects.update(next_at=timezone.now() + timedelta(minutes=50))
        assert run_due() == 0


def test_nobody_is_told_of_files_of_another_organization(
    photo: Attachment, altrove: Organization, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", (b"%PDF-1.7", "application/pdf"))
    settings.ARENGO_CLAMD = str(tmp_path / "none.ctl")
    fetched_in_vain(photo)
    with organization_scope(altrove):
        assert troubles_now() == []


@needs_debians
def test_debians_clamd_finds_what_a_citizen_sends_and_what_an_operator_sends(
    photo: Attachment, olga: Person, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_does(monkeypatch, "download", (EICAR, "image/jpeg"))
    sent = platform_does(monkeypatch, "upload", "media-1")
    with debians(tmp_path) as settings.ARENGO_CLAMD:
        fetch(photo)
        [message] = replying.reply(
            photo.message.conversation,
            by=olga,
            text="Il modulo",
            files=[upload("modulo.txt", EICAR)],
            key="k",
        )
        send(message)
    ours = Attachment.objects.get(message=message)
    assert [(one.state, one.cause, one.reason) for one in (photo, ours)] == [
        ("failed", "scan", "Eicar-Body.UNOFFICIAL")
    ] * 2
    assert sent == []
    assert stored(settings) == []


def test_a_virus_of_ours_never_reaches_the_platform(
    conversation: Conversation,
    olga: Person,
    browse: Browse,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = platform_does(monkeypatch, "upload", "media-1")
    [message] = replying.reply(
        conversation, by=olga, text="Il modulo", files=[upload("modulo.pdf", b"%PDF-1.7 " + EICAR)], key="k"
    )
    with speaking(tmp_path) as (settings.ARENGO_CLAMD, _clamd):
        send(message)
    assert calls == []
    message = Message.objects.get(pk=message.pk)
    assert message.attachment.state == "failed"
    assert not replying.can_retry(message)
    assert "Eicar-Body.UNOFFICIAL" in browse(olga).get(page_of(conversation)).content.decode()


def test_our_file_waits_for_the_antivirus_and_then_goes(
    our_document: Message,
    olga: Person,
    browse: Browse,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = platform_does(monkeypatch, "upload", "media-1")
    settings.ARENGO_CLAMD = str(tmp_path / "clamd.ctl")
    send(our_document)
    assert calls == []
    assert "L’antivirus non risponde" in browse(olga).get(page_of(our_document.conversation)).content.decode()
    attachment = Attachment.objects.get()
    with speaking(tmp_path):
        Attachment.objects.update(next_at=timezone.now(), busy_until=None)
        run_due()
    attachment.refresh_from_db()
    assert (len(calls), attachment.state) == (1, "ready")
