# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The life of a template at the platform, with the real sandbox: presented, reviewed, rejected, paused, moved, made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates import administration
from arengo.delivery.templates.components import part_of
from arengo.delivery.templates.fitting import Standing, Unfit, fitting, standing
from arengo.delivery.templates.presets import Preset, registered
from arengo.platforms.contract import Refusal, Remedy
from tests.arengo_sandbox.catcher import Catcher, catching
from tests.factories.intake import arrive
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess, sandbox_process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def caught() -> Iterator[tuple[SandboxProcess, Catcher]]:
    """The sandbox, which tells its webhooks to a catcher. New templates wait until the test decides."""
    with catching() as catcher, sandbox_process() as sandbox:
        sandbox.control("POST", "/conditions", {"templates": {"outcome": "PENDING"}})
        hooks = {"override_callback_uri": catcher.url, "verify_token": catcher.verify_token}
        assert sandbox.graph("POST", f"/{sandbox.waba_id}/subscribed_apps", hooks).status == 200
        yield sandbox, catcher


@pytest.fixture
def sandbox(caught: tuple[SandboxProcess, Catcher]) -> Iterator[SandboxProcess]:
    """Without the templates of the test before, whose names may be used again."""
    sandbox, catcher = caught
    yield sandbox
    for each in sandbox.control("GET", "/templates")["templates"]:
        sandbox.control("POST", f"/templates/{each['id']}/status", {"status": "REJECTED"})
        path = f"/{sandbox.waba_id}/message_templates?name={each['name']}"
        sandbox.graph("DELETE", path)
    catcher.posts.clear()


@pytest.fixture
def connected(scope: Organization, sender: Sender, sandbox: SandboxProcess) -> Sender:
    sender.credentials = credentials(sandbox.url)
    sender.save()
    return sender


Tells = Callable[..., MessageTemplate]


@pytest.fixture
def tells(
    connected: Sender, preset: Preset, sandbox: SandboxProcess, caught: tuple[SandboxProcess, Catcher]
) -> Tells:
    """``tells("status", status="PAUSED")``: the platform decides, its webhook goes through journal and reader."""
    catcher = caught[1]

    def decided(what: str, **decision: Any) -> MessageTemplate:
        template = MessageTemplate.objects.get(name=preset.name)
        before = len(catcher.posts)
        sandbox.control("POST", f"/templates/{template.template_id}/{what}", decision)
        wanted = decision.get("status") or decision.get("category")

        def reported() -> bool:
            posts = catcher.posts[before:]
            return any(
                template.template_id.encode() in post.body and f'"{wanted}"'.encode() in post.body
                for post in posts
            )

        catcher.wait(reported)
        arrive(connected, *(post.body for post in catcher.posts[before:]))
        template.refresh_from_db()
        return template

    return decided


def stands(preset: Preset, scope: Organization) -> Standing:
    return standing(preset, MessageTemplate.objects.filter(name=preset.name).first(), scope)


def test_every_preset_is_presented_once(connected: Sender, preset: Preset, alice: Person) -> None:
    done = administration.create_missing(connected, by=alice)
    assert done.refused == []
    assert sorted(done.created) == sorted(each.name for each in registered())
    assert preset.name in done.created
    entry = AuditEntry.objects.get(verb="delivery.created_templates")
    assert (entry.person, entry.detail["names"]) == (alice, done.created)
    again = administration.create_missing(connected, by=alice)
    assert (again.created, again.refused) == ([], [])


def test_the_life_of_a_template(
    connected: Sender, preset: Preset, alice: Person, scope: Organization, tells: Tells
) -> None:
    administration.create_missing(connected, by=alice)
    assert stands(preset, scope) is Standing.WAITING

    tells("status", status="APPROVED")
    assert stands(preset, scope) is Standing.APPROVED
    assert isinstance(fitting(preset, connected), MessageTemplate)

    tells("status", status="PAUSED")
    assert stands(preset, scope) is Standing.PAUSED

    tells("status", status="APPROVED")
    moved = tells("category", category="MARKETING")
    assert moved.category == "MARKETING"
    assert stands(preset, scope) is Standing.MOVED
    assert isinstance(fitting(preset, connected), MessageTemplate)

    tells("status", status="REJECTED", reason="TAG_CONTENT_MISMATCH")
    unfit = fitting(preset, connected)
    assert isinstance(unfit, Unfit)
    assert "ha rifiutato" in unfit.words
    assert "The sandbox was told to reject new templates" in unfit.words  # its reason, as Meta gives one

    approved = tells("status", status="APPROVED")
    assert approved.reason == ""


def test_one_whose_words_changed_is_edited_and_reviewed_again(
    connected: Sender, preset: Preset, alice: Person, scope: Organization, tells: Tells
) -> None:
    administration.create_missing(connected, by=alice)
    first = tells("status", status="APPROVED")
    Organization.objects.filter(pk=scope.pk).update(name="Comune Nuovo")
    scope.refresh_from_db()
    connected.refresh_from_db()
    assert stands(preset, scope) is Standing.OUTDATED

    administration.renew(connected, preset, by=alice)
    assert stands(preset, scope) is Standing.WAITING
    assert AuditEntry.objects.get(verb="delivery.renewed_template").detail["names"] == [preset.name]

    second = tells("status", status="APPROVED")
    assert stands(preset, scope) is Standing.APPROVED
    assert second.template_id == first.template_id
    administration.sync(connected)
    listed = MessageTemplate.objects.get(name=preset.name)
    assert "Comune Nuovo" in part_of(listed.components, "BODY")["text"]


def test_one_that_nobody_may_edit_is_made_anew(
    connected: Sender, preset: Preset, alice: Person, scope: Organization, tells: Tells
) -> None:
    administration.create_missing(connected, by=alice)
    disabled = tells("status", status="DISABLED")
    administration.renew(connected, preset, by=alice)
    again = MessageTemplate.objects.get(name=preset.name)
    assert again.template_id != disabled.template_id
    assert stands(preset, scope) is Standing.WAITING


def test_a_platform_that_does_not_answer_is_said_and_changes_nothing(
    preset: Preset, alice: Person, scope: Organization, sender: Sender
) -> None:
    with pytest.raises(Refusal):
        administration.create_missing(sender, by=alice)
    with pytest.raises(Refusal):
        administration.renew(sender, preset, by=alice)
    assert not MessageTemplate.objects.exists()
    assert not AuditEntry.objects.exists()


def test_one_refusal_for_all_ends_the_asking(
    connected: Sender, alice: Person, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine more times half a minute of waiting would tell nothing new."""
    asked: list[str] = []

    def refuses(sender: Sender, preset: Preset, handle: str) -> None:
        asked.append(preset.name)
        raise Refusal(Remedy.RETRY, title="TimeoutError")

    monkeypatch.setattr(administration, "_present", refuses)
    done = administration.create_missing(connected, by=alice)
    assert len(asked) == 1
    assert [each.name for each in done.refused] == asked
