# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""pywa, a client and webhook parser that others wrote, finds nothing missing here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pywa import WhatsApp, filters
from pywa.errors import WhatsAppError
from pywa.types import (
    Button,
    CallbackButton,
    CallbackSelection,
    Message,
    MessageStatus,
    Section,
    SectionList,
    SectionRow,
    templates as t,
)

from arengo_sandbox.sample_files import sample
from tests.arengo_sandbox.catcher import Catcher
from tests.arengo_sandbox.town import Town

PNG = sample("image")[0]


@pytest.fixture
def client(town: Town) -> Iterator[WhatsApp]:
    """A pywa client of the first number, pointed at the sandbox."""
    session = httpx.Client()
    client = WhatsApp(
        phone_id=town.number,
        token=town.sandbox.token,
        session=session,
        waba_id=town.sandbox.waba_id,
        app_id=town.sandbox.account["app_id"],
        app_secret=town.sandbox.app_secret,
        server=None,
        webhook_endpoint="/hooks",
        verify_token="una parola d'ordine",
        api_version=24.0,
    )
    # pywa has no setting for another host; its session decides where requests go.
    session.base_url = httpx.URL(f"{town.sandbox.url}/v24.0")
    # pywa reads the first update of a post and no other, so here they come one by one.
    town.conditions(webhooks={"batch": 1})
    yield client
    session.close()


def _heard(client: WhatsApp, catcher: Catcher, wamid: str) -> None:
    """Hand pywa every post up to the one that carries the message; it must accept signature and shape."""
    catcher.wait(lambda: any(wamid.encode() in post.body for post in catcher.posts))
    for post in catcher.posts:
        assert client.webhook_update_validator(post.body, post.signature) is None
        assert client.webhook_update_handler(post.body) == ("ok", 200)


def _handle(client: WhatsApp, on: Callable[..., Any]) -> list[Any]:
    """Everything of a kind that pywa will hear from now on."""
    heard: list[Any] = []

    @on(client)
    def keep(_client: WhatsApp, update: Any) -> None:
        heard.append(update)

    return heard


def test_pywa_sends_every_kind_of_message(
    town: Town, client: WhatsApp, anna: dict[str, Any], catcher: Catcher
) -> None:
    to = f"+{anna['phone']}"
    asked = town.chat(anna)[0]["id"]
    sent = [
        client.send_message(
            to, "Buongiorno", preview_url=True, reply_to_message_id=asked, tracker="consegna 1"
        ),
        client.send_image(to, PNG, caption="La piazza", mime_type="image/png"),
        client.send_document(to, sample("document")[0], filename="Avviso.pdf", caption="L'avviso"),
        client.send_location(to, latitude=43.77, longitude=11.25, name="Municipio"),
        client.send_message(
            to, "Le serve altro?", buttons=[Button("Sì", "si"), Button("No", "no")], footer="Comune"
        ),
        client.send_message(
            to,
            "Quale ufficio?",
            buttons=SectionList(
                "Scegli", [Section("Uffici", [SectionRow("Anagrafe", "anagrafe", "Residenza")])]
            ),
        ),
        client.send_reaction(to, "👍", message_id=asked),
    ]
    for message in sent[:-1]:
        catcher.wait_status(message.id, "delivered")
    catcher.wait_status(sent[-1].id, "sent")
    assert catcher.wait_status(sent[0].id, "sent")["biz_opaque_callback_data"] == "consegna 1"
    shown = town.chat(anna)
    assert [m["type"] for m in shown[1:]] == [
        "text",
        "image",
        "document",
        "location",
        *["interactive"] * 2,
        "reaction",
    ]
    assert client.mark_message_as_read(asked)
    assert client.indicate_typing(asked)
    assert town.chat(anna)[0]["status"] == "read"


def test_pywa_meets_a_refusal_as_its_own_error(client: WhatsApp, anna: dict[str, Any]) -> None:
    with pytest.raises(WhatsAppError) as refused:
        client.send_message(anna["phone"], "x" * 4097)
    assert refused.value.code == 100
    assert "4096" in str(refused.value.details)


def test_pywa_uploads_looks_and_deletes_media(client: WhatsApp) -> None:
    media = client.upload_media(PNG, mime_type="image/png", filename="piazza.png")
    node = client.get_media_url(media.id)
    assert (node.mime_type, node.file_size) == ("image/png", len(PNG))
    assert client.get_media_bytes(url=node.url) == PNG
    assert client.delete_media(media.id)


def test_pywa_makes_lists_sends_and_deletes_a_template(
    town: Town, client: WhatsApp, anna: dict[str, Any], catcher: Catcher
) -> None:
    statuses = _handle(client, lambda wa: wa.on_template_status_update())
    created = client.create_template(
        t.Template(
            name="avviso_pywa",
            language=t.TemplateLanguage.ITALIAN,
            category=t.TemplateCategory.UTILITY,
            parameter_format=t.ParamFormat.NAMED,
            components=[
                t.HeaderText("Viabilità"),
                body := t.BodyText("Da oggi {{via}} è chiusa al traffico.", via="Via Roma"),
                t.FooterText(text="Comune di Esempio"),
                t.Buttons(buttons=[stop := t.QuickReplyButton(text="Non mi interessa")]),
            ],
        )
    )
    assert created.status == t.TemplateStatus.PENDING
    catcher.wait(lambda: catcher.changes("message_template_status_update"))
    _heard(client, catcher, str(created.id))
    assert [update.new_status for update in statuses] == [t.TemplateStatus.APPROVED]
    listed = {template.name: template for template in client.get_templates()}
    assert listed["avviso_pywa"].status == t.TemplateStatus.APPROVED
    sent = client.send_template(
        anna["phone"],
        "avviso_pywa",
        t.TemplateLanguage.ITALIAN,
        params=[body.params(via="Via Prova"), stop.params(callback_data="STOP", index=0)],
    )
    catcher.wait_status(sent.id, "delivered")
    shown = town.chat(anna)[-1]["rendered"]
    assert (shown["body"], shown["buttons"][0]["payload"]) == (
        "Da oggi Via Prova è chiusa al traffico.",
        "STOP",
    )
    assert client.delete_template("avviso_pywa")


def test_pywa_blocks_and_unblocks(client: WhatsApp, anna: dict[str, Any]) -> None:
    blocked = client.block_users([anna["phone"]])
    assert [user.wa_id for user in blocked.added_users] == [anna["phone"]]
    assert [user.wa_id for user in client.get_blocked_users()] == [anna["phone"]]
    assert client.unblock_users([anna["phone"]]).removed_users


def test_pywa_manages_qr_codes_profile_and_number(client: WhatsApp) -> None:
    code = client.create_qr_code("ISCRIVIMI", "SVG")
    assert code.qr_image_url
    assert client.get_qr_code(code.code) is not None
    assert [known.code for known in client.get_qr_codes()] == [code.code]
    assert client.delete_qr_code(code.code)
    assert client.update_business_profile(about="Sportello")
    assert client.get_business_profile().about == "Sportello"
    assert client.get_business_phone_number().display_phone_number == "+39 055 000 0001"


def test_pywa_subscribes_an_address(client: WhatsApp, catcher: Catcher) -> None:
    assert client.override_waba_callback_url(catcher.url, catcher.verify_token)


def test_pywa_hears_citizens(town: Town, client: WhatsApp, anna: dict[str, Any], catcher: Catcher) -> None:
    messages: list[Message] = _handle(client, lambda wa: wa.on_message())
    presses: list[CallbackButton] = _handle(client, lambda wa: wa.on_callback_button())
    choices: list[CallbackSelection] = _handle(client, lambda wa: wa.on_callback_selection())
    before = {message["id"] for message in town.chat(anna)}
    town.writes(anna, "È aperto?")
    town.writes(anna, type="image", image={"caption": "La buca"})
    town.writes(anna, type="location", location={"latitude": 43.7, "longitude": 11.2})
    reply = {"type": "button_reply", "button_reply": {"id": "si", "title": "Sì"}}
    town.writes(anna, type="interactive", interactive=reply, context={"id": "wamid.X"})
    choice = {"type": "list_reply", "list_reply": {"id": "anagrafe", "title": "Anagrafe", "description": ""}}
    last = town.writes(anna, type="interactive", interactive=choice, context={"id": "wamid.X"})
    catcher.wait(lambda: len({m["id"] for m in catcher.items("messages")} - before) == 5)
    _heard(client, catcher, last)
    by_type = {message.type.value: message for message in messages if message.id not in before}
    assert set(by_type) == {"text", "image", "location"}
    assert by_type["text"].text == "È aperto?"
    assert by_type["text"].from_user.wa_id == anna["phone"]
    assert by_type["text"].from_user.bsuid == anna["user_id"]
    assert by_type["image"].image is not None
    assert by_type["image"].image.get_bytes() == PNG
    assert [press.data for press in presses] == ["si"]
    assert [selection.data for selection in choices] == ["anagrafe"]


def test_pywa_hears_a_citizen_without_a_number(town: Town, client: WhatsApp, catcher: Catcher) -> None:
    messages: list[Message] = _handle(client, lambda wa: wa.on_message(filters.text))
    elena = town.citizen("Elena Senzanumero", hide_number=True)
    _heard(client, catcher, town.writes(elena, "Buongiorno"))
    assert messages[-1].from_user.bsuid == elena["user_id"]
    assert messages[-1].from_user.wa_id is None
    reply = messages[-1].reply_text("Buongiorno a lei")
    catcher.wait_status(reply.id, "delivered")
    assert town.chat(elena)[-1]["text"]["body"] == "Buongiorno a lei"


def test_pywa_hears_statuses(town: Town, client: WhatsApp, anna: dict[str, Any], catcher: Catcher) -> None:
    statuses: list[MessageStatus] = _handle(client, lambda wa: wa.on_message_status())
    wamid = town.text(anna)
    failed = town.sent({"to": "393479999999", "type": "text", "text": {"body": "x"}})
    catcher.wait_status(wamid, "delivered")
    catcher.wait_status(failed, "failed")
    _heard(client, catcher, failed)
    mine = [status for status in statuses if status.id == wamid]
    assert [status.status.value for status in mine] == ["sent", "delivered"]
    assert mine[0].pricing is not None
    error = next(status.error for status in statuses if status.id == failed)
    assert error is not None
    assert error.code == 131026
