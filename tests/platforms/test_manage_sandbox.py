# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates and the account against the sandbox."""

from __future__ import annotations

from typing import Any

import aiohttp
import msgspec
import pytest

from arengo.platforms.contract import (
    Credentials,
    Parameter,
    Remedy,
    Template,
    TemplateButton,
    TemplateChanged,
)
from tests.platforms.meeting import PNG, WHATSAPP, Inbox, last, person, refused
from tests.support.sandbox_server import SandboxProcess

DEFINITION: dict[str, Any] = {
    "name": "avviso_prova",
    "language": "it",
    "category": "UTILITY",
    "parameter_format": "named",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Comune di Esempio"},
        {
            "type": "BODY",
            "text": "Si avvisa che oggi la strada {{via}} resta chiusa al traffico fino a sera.",
            "example": {"body_text_named_params": [{"param_name": "via", "example": "Via Roma"}]},
        },
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}]},
    ],
}


async def test_a_template_is_created_approved_sent_and_deleted(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox
) -> None:
    created = await WHATSAPP.create_template(http, account, DEFINITION)
    assert (created.name, created.status, created.parameter_format) == ("avviso_prova", "PENDING", "NAMED")
    await inbox.until(
        lambda event: (
            isinstance(event, TemplateChanged)
            and event.template_id == created.template_id
            and event.status == "APPROVED"
        )
    )
    [listed] = [each for each in await WHATSAPP.templates(http, account) if each.name == "avviso_prova"]
    assert (listed.template_id, listed.status, listed.category) == (
        created.template_id,
        "APPROVED",
        "UTILITY",
    )
    assert listed.parameter_format == "NAMED"

    who, address = person(sandbox, silent=True)
    outgoing = Template(
        "avviso_prova",
        "it",
        body=[Parameter("Via Roma", "via")],
        buttons=[TemplateButton(0, "quick_reply", "STOP")],
    )
    assert WHATSAPP.problems(outgoing) == []
    taken = await WHATSAPP.send(http, account, address, outgoing, "d-1")
    assert last(sandbox, who)["id"] == taken.message_id

    for wrong in (
        Template("avviso_prova", "it"),
        Template("avviso_prova", "it", body=[Parameter("Via Roma", "strada")]),
        Template("avviso_prova", "it", body=[Parameter("Via\nRoma", "via")]),
        Template("avviso_prova", "it", body=[Parameter("Via     Roma", "via")]),
        Template("avviso_prova", "it", body=[Parameter("", "via")]),
        Template("avviso_prova", "it", body=[Parameter("x" * 1025, "via")]),
        Template("avviso_prova", "de", body=[Parameter("Via Roma", "via")]),
        Template("altro", "it"),
    ):
        found = await refused(WHATSAPP.send(http, account, address, wrong, "d-1"))
        assert (found.remedy, found.certain) == (Remedy.NEVER, True), wrong

    await WHATSAPP.delete_template(http, account, "avviso_prova")
    assert "avviso_prova" not in {each.name for each in await WHATSAPP.templates(http, account)}
    found = await refused(WHATSAPP.create_template(http, account, {**DEFINITION, "name": "Avviso"}))
    assert found.remedy is Remedy.NEVER


async def test_a_template_is_edited_and_reviewed_anew(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox
) -> None:
    created = await WHATSAPP.create_template(http, account, {**DEFINITION, "name": "avviso_cambiato"})
    text = "Si avvisa che da domani la strada {{via}} resta chiusa al traffico fino a sera."
    body = {**DEFINITION["components"][1], "text": text}
    change = {"components": [body], "parameter_format": "named"}
    early = await refused(WHATSAPP.edit_template(http, account, created.template_id, change))
    assert (early.remedy, early.certain) == (Remedy.NEVER, True)

    def approved(event: object) -> bool:
        return (
            isinstance(event, TemplateChanged)
            and event.template_id == created.template_id
            and event.status == "APPROVED"
        )

    await inbox.until(approved)
    inbox.events.clear()
    await WHATSAPP.edit_template(http, account, created.template_id, change)
    await inbox.until(approved)
    [listed] = [each for each in await WHATSAPP.templates(http, account) if each.name == "avviso_cambiato"]
    assert [part["text"] for part in listed.components] == [text]


async def test_a_template_with_a_photo_is_created_with_its_example_and_sent(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox, media_id: str
) -> None:
    handle = await WHATSAPP.upload_example(http, account, PNG, "image/png", "esempio.png")
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}}
    components = [header, *DEFINITION["components"][1:]]
    definition = {**DEFINITION, "name": "avviso_foto", "components": components}
    created = await WHATSAPP.create_template(http, account, definition)
    await inbox.until(
        lambda event: isinstance(event, TemplateChanged) and event.template_id == created.template_id
    )
    who, address = person(sandbox, silent=True)
    body = [Parameter("Via Roma", "via")]
    outgoing = Template("avviso_foto", "it", header_media_kind="image", header_media_id=media_id, body=body)
    taken = await WHATSAPP.send(http, account, address, outgoing, "d-1")
    assert last(sandbox, who)["id"] == taken.message_id
    without = msgspec.structs.replace(outgoing, header_media_id="", header_media_kind="")
    assert (await refused(WHATSAPP.send(http, account, address, without, "d-1"))).remedy is Remedy.NEVER


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_person_is_blocked_and_unblocked(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, hidden: bool
) -> None:
    _, address = person(sandbox, hidden=hidden)
    await WHATSAPP.block(http, account, address)
    await WHATSAPP.unblock(http, account, address)


async def test_only_who_wrote_today_can_be_blocked(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials
) -> None:
    _, address = person(sandbox, silent=True)
    found = await refused(WHATSAPP.block(http, account, address))
    assert (found.remedy, found.code) == (Remedy.NEVER, 139100)


async def test_an_address_that_does_not_answer_the_handshake_is_not_subscribed(
    http: aiohttp.ClientSession, account: Credentials
) -> None:
    found = await refused(WHATSAPP.subscribe(http, account, "http://127.0.0.1:9/hooks/1"))
    assert found.remedy is Remedy.NEVER


async def test_the_number_describes_itself(http: aiohttp.ClientSession, account: Credentials) -> None:
    described = await WHATSAPP.describe(http, account)
    assert described["id"] == account.number_id
    assert described["verified_name"] == "Comune di Esempio"
    assert {"display_phone_number", "quality_rating"} <= set(described)
    wrong = msgspec.structs.replace(account, token="altro")
    assert (await refused(WHATSAPP.describe(http, wrong))).code == 190


async def test_a_code_for_the_poster_is_made_and_listed(
    http: aiohttp.ClientSession, account: Credentials
) -> None:
    made = await WHATSAPP.create_code(http, account, "ISCRIVIMI")
    assert made.deep_link_url.endswith(made.code)
    assert (made.code, "ISCRIVIMI") in {
        (each.code, each.prefilled_message) for each in await WHATSAPP.codes(http, account)
    }
