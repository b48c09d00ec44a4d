# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files: upload, address, download, deletion; what may be sent as what."""

from __future__ import annotations

import hashlib
import http.server
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from arengo.sandbox.media import MediaStore
from arengo.sandbox.sample_files import sample
from arengo.sandbox.storage import Storage
from tests.sandbox.catcher import Catcher
from tests.sandbox.town import Town
from tests.support.waiting import NEVER

MB = 1024 * 1024
PNG = sample("image")[0]


def fetch(town: Town, url: str) -> bytes:
    wanted = urllib.request.Request(url, headers={"Authorization": f"Bearer {town.sandbox.token}"})  # noqa: S310 - the sandbox's own
    with urllib.request.urlopen(wanted, timeout=NEVER) as got:  # noqa: S310 - as above
        body: bytes = got.read()
        return body


def test_an_uploaded_file_comes_back_as_it_was(town: Town) -> None:
    media_id = town.upload(PNG, "image/png", "stemma.png").body["id"]
    node = town.sandbox.graph("GET", f"/{media_id}").body
    assert node["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert (node["messaging_product"], node["mime_type"], node["file_size"]) == (
        "whatsapp",
        "image/png",
        len(PNG),
    )
    assert fetch(town, node["url"]) == PNG
    assert town.sandbox.graph("DELETE", f"/{media_id}").body == {"success": True}
    assert town.sandbox.graph("GET", f"/{media_id}").status == 400
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(town, node["url"])


def test_an_address_works_for_five_minutes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MediaStore(Storage(None))
    media = store.add(b"x", "image/png", "1")
    query = store.signed_query(media)
    assert store.from_query(query.items()) is media
    assert store.from_query((query | {"ext": str(int(query["ext"]) + 9)}).items()) is None
    now = int(query["ext"])
    monkeypatch.setattr("arengo.sandbox.media.time.time", lambda: now + 1)
    assert store.from_query(query.items()) is None


@pytest.mark.parametrize(
    ("mime_type", "size", "code"),
    [
        ("image/jpeg", 5 * MB + 1, 131053),
        ("image/gif", 10, 100),
        ("audio/ogg", 16 * MB + 1, 131053),
        ("video/mp4", 16 * MB + 1, 131053),
        ("image/webp", 500 * 1024 + 1, 131053),
        ("application/zip", 10, 100),
        ("image/png", 0, 100),
    ],
)
def test_a_file_that_no_message_may_carry_is_refused(
    town: Town, mime_type: str, size: int, code: int
) -> None:
    answer = town.upload(b"x" * size, mime_type)
    assert (answer.status, answer.body["error"]["code"]) == (400, code)


@pytest.mark.parametrize(("mime_type", "size"), [("image/jpeg", 5 * MB), ("application/pdf", 17 * MB)])
def test_the_largest_allowed_file_is_taken(town: Town, mime_type: str, size: int) -> None:
    assert town.upload(b"x" * size, mime_type).status == 200


def test_an_upload_names_the_product(town: Town) -> None:
    assert town.upload(PNG, "image/png", product="telegram").body["error"]["code"] == 100


def test_a_document_reaches_the_phone_with_its_name(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    media_id = town.upload(sample("document")[0], "application/pdf").body["id"]
    document = {"id": media_id, "filename": "Avviso.pdf", "caption": "L'avviso"}
    wamid = town.sent({"to": anna["phone"], "type": "document", "document": document})
    catcher.wait_status(wamid, "delivered")
    shown = town.chat(anna)[-1]
    assert (shown["document"], shown["media"]) == (document, media_id)


def test_a_file_of_the_wrong_kind_fails_late(town: Town, anna: dict[str, Any], catcher: Catcher) -> None:
    media_id = town.upload(sample("document")[0], "application/pdf").body["id"]
    wamid = town.sent({"to": anna["phone"], "type": "image", "image": {"id": media_id}})
    assert catcher.wait_status(wamid, "failed")["errors"][0]["code"] == 131053


@pytest.fixture
def site() -> Iterator[str]:
    """A web site with one picture, counting how often it was asked."""

    class Site(http.server.BaseHTTPRequestHandler):
        asked = 0

        def do_GET(self) -> None:
            type(self).asked += 1
            self.send_response(200 if self.path.startswith("/foto") else 404)
            self.send_header("Content-Type", "image/png")
            self.send_header("X-Asked", str(self.asked))
            self.end_headers()
            self.wfile.write(PNG)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    assert Site.asked <= 2, "a picture is fetched once in ten minutes, however many messages carry it"


def test_a_picture_given_by_its_address_is_fetched_once(
    town: Town, anna: dict[str, Any], catcher: Catcher, site: str
) -> None:
    body = {"to": anna["phone"], "type": "image", "image": {"link": f"{site}/foto.png"}}
    for wamid in [town.sent(body) for _ in range(3)]:
        catcher.wait_status(wamid, "delivered")
    shown = town.chat(anna)[-1]
    assert fetch(town, town.sandbox.graph("GET", f"/{shown['media']}").body["url"]) == PNG


def test_a_picture_that_is_not_there_fails_late(
    town: Town, anna: dict[str, Any], catcher: Catcher, site: str
) -> None:
    wamid = town.sent({"to": anna["phone"], "type": "image", "image": {"link": f"{site}/altro.png"}})
    error = catcher.wait_status(wamid, "failed")["errors"][0]
    assert error["code"] == 131053
    assert "404" in error["error_data"]["details"]


def test_a_handle_for_a_template_comes_from_the_resumable_upload(town: Town) -> None:
    app = town.sandbox.account["app_id"]
    started = town.sandbox.graph(
        "POST", f"/{app}/uploads?file_length={len(PNG)}&file_type=image/png&file_name=a.png"
    )
    session = started.body["id"]
    assert session.startswith("upload:")

    def put(offset: int, content: bytes) -> bytes:
        wanted = urllib.request.Request(  # noqa: S310 - the sandbox's own
            f"{town.sandbox.url}/v24.0/{session}",
            data=content,
            headers={"Authorization": f"OAuth {town.sandbox.token}", "file_offset": str(offset)},
        )
        with urllib.request.urlopen(wanted, timeout=NEVER) as got:  # noqa: S310 - as above
            body: bytes = got.read()
            return body

    assert b"file_offset" in put(0, PNG[:100])
    assert town.sandbox.graph("GET", f"/{session}").body == {"id": session, "file_offset": 100}
    assert put(100, PNG[100:]).startswith(b'{"h":"4:')
