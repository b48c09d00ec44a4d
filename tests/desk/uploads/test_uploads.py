# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files go up in pieces, go on where they stopped, and leave with the answer; drafts wait on the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from arengo.audience import privacy
from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk import files, handling
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.uploads import drafts, verbs
from arengo.desk.uploads.jobs import forget_drafts
from arengo.desk.uploads.models import Draft, Upload
from tests.desk.kept_files import stored
from tests.desk.road import DESK, page_of
from tests.factories.audience import citizen
from tests.factories.desk import make_conversation
from tests.factories.pictures import picture
from tests.support.clamd import EICAR, speaking

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
PDF = b"%PDF-1.7\n" + b"x" * 100


def begin(client: Client, conversation: Conversation, name: str, content: bytes, **more: Any) -> Any:
    head = SimpleUploadedFile("head", content[:1024])
    data = {"name": name, "size": len(content), "stamp": "1", "head": head, **more}
    return client.post(f"{page_of(conversation)}carica/", data)


def append(client: Client, told: dict[str, Any], piece: bytes, offset: int) -> Any:
    return client.post(f"{told['to']}?da={offset}", piece, content_type="application/octet-stream")


def brought(client: Client, conversation: Conversation, name: str, content: bytes = PDF) -> dict[str, Any]:
    told = begin(client, conversation, name, content).json()
    answer = append(client, told, content, 0)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    assert found["ready"]
    return found


def test_after_a_drop_of_the_line_a_file_goes_on_where_it_stopped(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    told = begin(client, conversation, "modulo.pdf", PDF).json()
    assert append(client, told, PDF[:40], 0).json()["offset"] == 40
    again = append(client, told, PDF[:40], 0)  # it had arrived, and the page did not hear so
    assert (again.status_code, again.json()) == (409, {"offset": 40})
    resumed = begin(client, conversation, "modulo.pdf", PDF).json()  # after a reload
    assert (resumed["id"], resumed["offset"]) == (told["id"], 40)
    assert append(client, told, PDF[40:], 40).json()["ready"]
    with Upload.objects.get().file.open("rb") as kept:
        assert kept.read() == PDF


def test_what_a_lost_transaction_left_in_the_file_is_written_over(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    told = begin(client, conversation, "modulo.pdf", PDF).json()
    append(client, told, PDF[:40], 0)
    with Path(Upload.objects.get().file.path).open("ab") as stored_file:
        stored_file.write(b"half a piece")
    append(client, told, PDF[40:], 40)
    with Upload.objects.get().file.open("rb") as kept:
        assert kept.read() == PDF


def test_several_files_leave_with_an_answer_each_with_its_own_words(
    conversation: Conversation, olga: Person, browse: Browse, settings: Any
) -> None:
    client = browse(olga)
    pdf, photo = (
        brought(client, conversation, "modulo.pdf"),
        brought(client, conversation, "foto.png", picture(form="PNG")),
    )
    assert photo["name"] == "foto.jpg"
    assert client.get(photo["thumbnail"]).status_code == 200
    page = client.get(page_of(conversation)).content.decode()
    assert "modulo" in page.split('id="uploads"')[1]
    data = {
        "text": "Ecco",
        "key": "k",
        "upload": [pdf["id"], photo["id"]],
        f"caption-{photo['id']}": "Qui manca la firma",
    }
    for _click in range(2):
        assert client.post(f"{page_of(conversation)}rispondi/", data).status_code == 302
    sent = Message.objects.filter(direction="out").order_by("pk")
    assert [(each.kind, each.text) for each in sent] == [
        ("text", "Ecco"),
        ("document", ""),
        ("image", "Qui manca la firma"),
    ]
    assert not Upload.objects.exists()
    assert len(stored(settings)) == 3  # two files and a thumbnail, of the attachments
    assert Attachment.objects.get(message__kind="document").size == len(PDF)


def test_a_single_file_carries_the_words_of_the_answer(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    pdf = brought(client, conversation, "modulo.pdf")
    client.post(f"{page_of(conversation)}rispondi/", {"text": "Ecco", "key": "k", "upload": pdf["id"]})
    assert Message.objects.get(direction="out").text == "Ecco"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("foto.jpg", b"PK\x03\x04" + b"x" * 60, "non è un’immagine"),
        ("modulo.pdf", b"", "è vuoto"),
        ("video.mp4", b"\0\0\0 ftypisom" + b"x" * 60, "Salvalo come PDF"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_it_goes_up(
    conversation: Conversation, olga: Person, browse: Browse, name: str, content: bytes, why: str
) -> None:
    answer = begin(browse(olga), conversation, name, content)
    assert answer.status_code == 422
    assert why in answer.json()["problem"]
    assert not Upload.objects.exists()


def test_a_document_of_100_mb_is_taken_and_one_byte_more_is_not(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client, most = browse(olga), 100 * 1024 * 1024
    assert begin(client, conversation, "piano.pdf", PDF, size=most).status_code == 200
    refused = begin(client, conversation, "piano.pdf", PDF, size=most + 1)
    assert (refused.status_code, "100 MB" in refused.json()["problem"]) == (422, True)


def test_what_only_the_whole_file_shows_is_refused_at_its_end(
    conversation: Conversation, olga: Person, browse: Browse, settings: Any
) -> None:
    client, lying = browse(olga), b"PK\x03\x04" + b"no archive" * 9
    told = begin(client, conversation, "atto.docx", lying).json()
    answer = append(client, told, lying, 0)
    assert answer.status_code == 422
    assert "atto" in answer.json()["problem"]
    assert not Upload.objects.exists()
    assert stored(settings) == []


def test_a_virus_is_refused_before_it_is_sent(
    conversation: Conversation, olga: Person, browse: Browse, settings: Any, tmp_path: Path
) -> None:
    client, content = browse(olga), PDF + EICAR
    told = begin(client, conversation, "modulo.pdf", content).json()
    with speaking(tmp_path) as (settings.ARENGO_CLAMD, _clamd):
        answer = append(client, told, content, 0)
    assert answer.status_code == 422
    assert "Eicar-Body" in answer.json()["problem"]
    assert stored(settings) == []


def test_an_upload_is_its_owners_alone(
    conversation: Conversation, olga: Person, bea: Person, carlo: Person, rita: Person, browse: Browse
) -> None:
    told = brought(browse(olga), conversation, "modulo.pdf")
    for other in (bea, carlo, rita):
        for address in (told["to"], told["off"]):
            assert browse(other).post(address).status_code in (403, 404)
    answer = browse(bea).post(
        f"{page_of(conversation)}rispondi/", {"text": "", "key": "k", "upload": told["id"]}
    )
    assert not Message.objects.filter(direction="out").exists(), answer.content
    assert Upload.objects.exists()


def test_what_was_refused_keeps_words_and_files(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    client = browse(olga)
    told = brought(client, conversation, "modulo.pdf")
    handling.take(conversation, by=bea)
    data = {"text": "Ecco", "key": "k", "upload": told["id"]}
    answer = client.post(f"{page_of(conversation)}rispondi/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Ecco" in answer.content.decode()
    assert Upload.objects.exists()


def test_a_form_is_no_piece(conversation: Conversation, olga: Person, browse: Browse) -> None:
    client = browse(olga)
    told = begin(client, conversation, "a.pdf", PDF).json()
    for data in ({"a": "b"}, {"piece": SimpleUploadedFile("p", PDF)}):
        assert client.post(told["to"], data).status_code == 415
    form = "application/x-www-form-urlencoded; charset=utf-8"
    assert client.post(told["to"], "a=b", content_type=form).status_code == 415
    assert Upload.objects.get().received == 0


def test_nobody_fills_the_disk(conversation: Conversation, olga: Person, browse: Browse) -> None:
    client = browse(olga)
    others = [
        make_conversation(citizen(name, user_id=f"IT.{name}"), conversation.sender) for name in ("Bea", "Ada")
    ]
    for number in range(verbs.MOST):
        of = [conversation, others[0]][number // files.MOST_FILES]
        assert begin(client, of, f"{number}.pdf", PDF).status_code == 200
    assert "Al massimo 10 file per volta" in begin(client, conversation, "troppo.pdf", PDF).json()["problem"]
    assert begin(client, others[1], "troppo.pdf", PDF).status_code == 422
    told = begin(client, conversation, "0.pdf", PDF).json()
    assert append(client, told, PDF + b"more", 0).status_code == 409
    Upload.objects.update(began_at=timezone.now() - timedelta(hours=25))
    forget_drafts(0)
    assert not Upload.objects.exists()


# --- drafts -----------------------------------------------------------------------------------------------------


def keep(client: Client, conversation: Conversation, text: str, key: str = "k") -> None:
    assert client.post(f"{page_of(conversation)}bozza/", {"text": text, "key": key}).status_code == 204


def test_a_draft_waits_on_every_device_for_its_writer_alone(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    keep(browse(olga), conversation, "Buongiorno, la pratica")
    assert "Buongiorno, la pratica" in browse(olga).get(page_of(conversation)).content.decode()
    assert "Buongiorno, la pratica" not in browse(bea).get(page_of(conversation)).content.decode()
    keep(browse(olga), conversation, " ")
    assert not Draft.objects.exists()


def test_a_draft_goes_when_it_is_sent_and_does_not_come_back_late(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    keep(client, conversation, "Alle 9.")
    client.post(f"{page_of(conversation)}rispondi/", {"text": "Alle 9.", "key": "k"})
    assert not Draft.objects.exists()
    keep(client, conversation, "Alle 9.")  # it was on its way
    assert not Draft.objects.exists()
    keep(client, conversation, "E poi", key="next")
    assert drafts.of(conversation, olga) is not None


def test_in_a_shut_window_the_words_stay(shut: Conversation, olga: Person, browse: Browse) -> None:
    keep(browse(olga), shut, "L’anagrafe apre alle 9")
    assert "L’anagrafe apre alle 9" in browse(olga).get(page_of(shut)).content.decode()


def test_drafts_are_erased_with_the_person_and_after_a_month(
    conversation: Conversation, anna: Identity, olga: Person, browse: Browse, settings: Any
) -> None:
    client = browse(olga)
    keep(client, conversation, "Parole")
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=31))
    forget_drafts(0)
    assert not Draft.objects.exists()
    keep(client, conversation, "Parole")
    brought(client, conversation, "modulo.pdf")
    privacy.erase(anna.contact, by=olga)
    assert not Draft.objects.exists()
    assert not Upload.objects.exists()


def test_strangers_keep_nothing(
    conversation: Conversation, carlo: Person, rita: Person, browse: Browse
) -> None:
    for other in (carlo, rita):
        answer = browse(other).post(f"{DESK}{conversation.pk}/bozza/", {"text": "x"})
        assert answer.status_code in (403, 404)
    assert not Draft.objects.exists()
