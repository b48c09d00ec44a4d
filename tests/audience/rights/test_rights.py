# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""To see, to correct, to object, to be erased: by an administrator who checked who asks."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from arengo.audience import consent
from arengo.audience.models import Consent, Contact, Identity, Subscription
from arengo.audience.rights import checking, verbs
from arengo.audience.rights.models import (
    Check,
    IdentityCode,
    Objection,
    Right,
    RightsRequest,
    Way,
    month_after,
)
from arengo.audience.rights.verbs import Asked
from arengo.core import automatic
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Sender
from arengo.desk.models import Attachment, Message
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, BRUNO, at, citizen, known, message

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]
DOCUMENT = {"way": "counter", "check_way": "document"}


@pytest.fixture
def anna(arrive: Arrive) -> Contact:
    """On the list, and known by a message of a moment ago."""
    arrive(message(ANNA, "ISCRIVIMI", name="anna e.", sent_at=timezone.now()))
    return known(ANNA).contact


def path_of(contact: Contact, right: str) -> str:
    return f"/console/iscritti/{contact.pk}/diritti/{right}/"


def test_without_a_check_nothing_is_done(anna: Contact, alice: Person, browse: Callable[..., Client]) -> None:
    client = browse(alice)
    for right in Right:
        answer = client.post(path_of(anna, right), {"way": "counter", "name": "Anna Esempio", "press": "do"})
        assert answer.status_code == 422
        assert "Scegli come hai verificato chi è." in answer.text
    anna.refresh_from_db()
    assert (anna.name, anna.erased_at) == ("anna e.", None)
    assert Subscription.objects.get().active
    assert not RightsRequest.objects.exists()


def test_the_archive_has_a_page_json_and_files(
    anna: Contact, arrive: Arrive, alice: Person, browse: Callable[..., Client]
) -> None:
    arrive(message(ANNA, "Guardate <qui>", name="anna e.", sent_at=timezone.now()))
    said = Message.objects.get(text="Guardate <qui>")
    Attachment.objects.create(
        message=said,
        state="ready",
        file=ContentFile(b"%PDF-1.7 prova", "x"),
        size=14,
        mime_type="application/pdf",
        filename="modulo.pdf",
    )
    answer = browse(alice).post(path_of(anna, "copy"), {**DOCUMENT, "press": "do"})
    assert answer["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))  # type: ignore[call-overload]
    assert archive.testzip() is None
    [file] = [name for name in archive.namelist() if name.startswith("allegati/")]
    assert file.endswith("-modulo.pdf")
    assert archive.read(file) == b"%PDF-1.7 prova"
    data = json.loads(archive.read("dati.json"))
    assert data["identities"][0]["phone"] == ANNA.phone
    page = archive.read("leggimi.html").decode()
    assert "Guardate &lt;qui&gt;" in page
    assert "anna e." in page
    assert "<script" not in page
    done = RightsRequest.objects.get()
    assert (done.right, done.state, done.check_way, done.ended_by) == ("copy", "done", "document", alice)
    entry = AuditEntry.objects.get(verb="audience.exported")
    assert entry.detail == {"way": "counter", "check": "document"}


def test_a_file_that_is_gone_is_named_and_the_rest_is_handed_out(
    anna: Contact, alice: Person, browse: Callable[..., Client]
) -> None:
    said = Message.objects.filter(direction="in").latest("pk")
    gone = Attachment.objects.create(
        message=said,
        state="ready",
        file=ContentFile(b"x", "x"),
        size=1,
        mime_type="image/png",
        filename="foto.png",
    )
    gone.file.storage.delete(gone.file.name)
    answer = browse(alice).post(path_of(anna, "copy"), {**DOCUMENT, "press": "do"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))  # type: ignore[call-overload]
    assert "foto.png" in archive.read("leggimi.html").decode()
    assert "dati.json" in archive.namelist()


def test_a_corrected_name_stays_whatever_the_platform_says(
    anna: Contact, arrive: Arrive, alice: Person, browse: Callable[..., Client]
) -> None:
    client = browse(alice)
    answer = client.post(
        path_of(anna, "correct"), {**DOCUMENT, "name": "Anna Esempio", "press": "do"}, follow=True
    )
    assert "Nome corretto" in answer.text
    arrive(message(ANNA, "Buongiorno", name="anna e.", sent_at=timezone.now()))
    anna.refresh_from_db()
    assert anna.name == "Anna Esempio"
    done = RightsRequest.objects.get()
    assert (done.before, done.after) == ("anna e.", "Anna Esempio")
    entry = AuditEntry.objects.get(verb="audience.corrected_name")
    assert "Esempio" not in json.dumps(entry.detail)  # the log cannot forget a name
    assert "da «anna e.» a «Anna Esempio»" in client.get(f"/console/iscritti/{anna.pk}/").text


@pytest.mark.parametrize("name", ["", "   ", "anna e.", "\u200b\u200b"])
def test_a_name_that_is_none_or_the_same_is_refused(
    anna: Contact, alice: Person, browse: Callable[..., Client], name: str
) -> None:
    answer = browse(alice).post(path_of(anna, "correct"), {**DOCUMENT, "name": name, "press": "do"})
    assert answer.status_code == 422
    assert not RightsRequest.objects.exists()


def test_who_objects_gets_no_notices_and_no_import_brings_them_back(
    anna: Contact, alice: Person, sender: Sender, browse: Callable[..., Client]
) -> None:
    answer = browse(alice).post(path_of(anna, "object"), {**DOCUMENT, "press": "do"}, follow=True)
    assert "si è opposta agli avvisi" in answer.text
    assert not Subscription.objects.get().active
    imported = consent.Words(
        known(ANNA),
        Consent.Action.GIVEN,
        timezone.now() + timedelta(days=1),
        Consent.Source.IMPORT,
        sender_id=sender.pk,
        by=alice,
    )
    [step] = consent.say([imported])
    assert step.outcome is consent.Outcome.OVERTAKEN
    assert not Subscription.objects.get().active
    assert Contact.objects.get(pk=anna.pk).name == "anna e."
    assert Message.objects.filter(text="ISCRIVIMI").exists()


def test_who_never_was_on_the_list_can_object_too(town: Organization, alice: Person, sender: Sender) -> None:
    bruno = citizen("Bruno Esempio")
    verbs.object_to(bruno.contact, Asked(Way.LETTER, Check.REMOTE, alice))
    words = consent.Words(
        bruno, Consent.Action.GIVEN, timezone.now(), Consent.Source.IMPORT, sender_id=sender.pk, by=alice
    )
    [step] = consent.say([words])
    assert step.outcome is consent.Outcome.OVERTAKEN


def test_an_objection_stands_until_they_join_again_themselves(
    anna: Contact, arrive: Arrive, alice: Person
) -> None:
    verbs.object_to(anna, Asked(Way.COUNTER, Check.DOCUMENT, alice))
    assert verbs.objected(anna) is not None
    arrive(message(ANNA, "ISCRIVIMI", sent_at=timezone.now() + timedelta(minutes=1)))
    assert Subscription.objects.get().active
    assert verbs.objected(anna) is None


def test_an_objection_reaches_all_their_addresses(town: Organization, alice: Person, sender: Sender) -> None:
    first = citizen("Anna Esempio")
    second = Identity(contact=first.contact, platform="whatsapp")
    second.move_to(Address(phone="+393339990001"))
    second.save()
    for number, identity in enumerate((first, second)):
        consent.give(identity, at=at(0), message_id=f"wamid.x{number}", text="ISCRIVIMI", sender_id=sender.pk)
    verbs.object_to(first.contact, Asked(Way.COUNTER, Check.DOCUMENT, alice))
    assert not Subscription.objects.filter(active=True).exists()
    assert Objection.objects.count() == 1


def test_everything_of_a_person_is_erased_and_the_request_stays(
    anna: Contact, alice: Person, browse: Callable[..., Client]
) -> None:
    client = browse(alice)
    client.post(path_of(anna, "correct"), {**DOCUMENT, "name": "Anna Esempio", "press": "do"})
    answer = client.post(path_of(anna, "erase"), {**DOCUMENT, "press": "do"}, follow=True)
    assert "sono stati eliminati" in answer.text
    erased = Contact.objects.get(pk=anna.pk)
    assert erased.erased_at is not None
    done = RightsRequest.objects.get(right="erase")
    assert (done.state, done.check_way, done.ended_by) == ("done", "document", alice)
    corrected = RightsRequest.objects.get(right="correct")
    assert (corrected.before, corrected.after, corrected.key_id) == ("", "", None)
    assert client.get(path_of(anna, "erase")).status_code == 404


def test_a_request_that_was_written_down_is_met_by_what_is_done(
    anna: Contact, alice: Person, olga: Person, browse: Callable[..., Client]
) -> None:
    asked = timezone.localdate() - timedelta(days=20)
    answer = browse(olga).post(
        f"/console/iscritti/{anna.pk}/richieste/nuova/",
        {"right": "erase", "way": "letter", "asked_on": asked.isoformat()},
        follow=True,
    )
    assert "Richiesta segnata" in answer.text
    waiting = RightsRequest.objects.get()
    assert (waiting.due_on, waiting.by, waiting.is_late) == (month_after(asked), olga, False)
    page = browse(alice).get("/console/iscritti/richieste/")
    assert "anna e." in page.text
    browse(alice).post(path_of(anna, "erase"), {**DOCUMENT, "press": "do"})
    met = RightsRequest.objects.get()
    assert (met.state, met.asked_on, met.way, met.by) == ("done", asked, "letter", olga)


def test_a_request_is_written_down_once_and_not_for_the_future(
    anna: Contact, olga: Person, browse: Callable[..., Client]
) -> None:
    path, today = f"/console/iscritti/{anna.pk}/richieste/nuova/", timezone.localdate()
    typed = {"right": "copy", "way": "phone", "asked_on": (today + timedelta(days=1)).isoformat()}
    refused = browse(olga).post(path, typed)
    assert (refused.status_code, "nel futuro" in refused.text) == (422, True)
    assert typed["asked_on"] in refused.text  # what was typed stays
    typed["asked_on"] = today.isoformat()
    assert browse(olga).post(path, typed).status_code == 302
    assert browse(olga).post(path, typed).status_code == 422
    [request] = RightsRequest.objects.all()
    browse(olga).post(f"/console/iscritti/{anna.pk}/richieste/{request.pk}/chiudi/")
    assert RightsRequest.objects.get().state == "withdrawn"


def test_late_requests_are_said(anna: Contact, alice: Person, browse: Callable[..., Client]) -> None:
    verbs.record(anna, Right.COPY, Way.LETTER, timezone.localdate() - timedelta(days=40), by=alice)
    assert "1 richiesta è in ritardo." in browse(alice).get("/console/iscritti/richieste/").text


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 15)),
        (date(2026, 3, 30), date(2026, 4, 30)),
    ],
)
def test_a_month_is_a_month_of_the_calendar(day: date, due: date) -> None:
    assert month_after(day) == due


# --- who asks -----------------------------------------------------------------------------------------------------


def _sent_code() -> str:
    sent = Delivery.objects.latest("pk")
    text = vault().open(sent.outgoing_sealed, purpose="outgoing").decode()
    found = re.search(r"\b(\d{6})\b", text)
    assert found
    return found[1]


def _press_code(client: Client, contact: Contact, right: str = "erase") -> Any:
    return client.post(path_of(contact, right), {"way": "chat", "press": "code"})


def test_a_code_from_the_chat_shows_who_asks_and_serves_once(
    anna: Contact, alice: Person, browse: Callable[..., Client]
) -> None:
    client = browse(alice)
    sent = _press_code(client, anna, "object")
    assert "Codice mandato a" in sent.text
    code = _sent_code()
    assert code not in sent.text
    assert code.encode() not in bytes(IdentityCode.objects.get().code_hash)
    assert not Message.objects.filter(
        text__contains=code
    ).exists()  # the staff cannot read it in the conversation
    typed = {"way": "chat", "check_way": "code", "code": f"{code[:3]} {code[3:]}", "press": "do"}
    assert client.post(path_of(anna, "object"), typed).status_code == 302
    assert RightsRequest.objects.get().check_way == "code"
    again = client.post(path_of(anna, "erase"), typed)
    assert (again.status_code, "Non c’è un codice valido" in again.text) == (422, True)


def test_five_wrong_codes_end_it(anna: Contact, alice: Person, browse: Callable[..., Client]) -> None:
    client = browse(alice)
    _press_code(client, anna)
    code = _sent_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    typed = {"way": "chat", "check_way": "code", "press": "do"}
    assert "sei cifre" in client.post(path_of(anna, "erase"), {**typed, "code": "12"}).text  # no try
    for left in (4, 3, 2, 1):
        answer = client.post(path_of(anna, "erase"), {**typed, "code": wrong})
        assert (answer.status_code, f"Tentativi rimasti: {left}." in answer.text) == (422, True)
    assert "tentativi sono finiti" in client.post(path_of(anna, "erase"), {**typed, "code": wrong}).text
    assert "Non c’è un codice valido" in client.post(path_of(anna, "erase"), {**typed, "code": code}).text
    assert Contact.objects.get(pk=anna.pk).erased_at is None


def test_a_code_is_of_ten_minutes_and_of_one_person(
    anna: Contact, arrive: Arrive, alice: Person, browse: Callable[..., Client]
) -> None:
    arrive(message(BRUNO, "Buongiorno", name="Bruno Esempio", sent_at=timezone.now()))
    bruno = known(BRUNO).contact
    client = browse(alice)
    _press_code(client, anna)
    typed = {"way": "chat", "check_way": "code", "code": _sent_code(), "press": "do"}
    assert client.post(path_of(bruno, "erase"), typed).status_code == 422
    IdentityCode.objects.update(expires_at=timezone.now())
    assert client.post(path_of(anna, "erase"), typed).status_code == 422
    assert checking.forget_old() == 1


def test_what_was_typed_stays_when_a_code_is_sent(
    anna: Contact, alice: Person, browse: Callable[..., Client]
) -> None:
    typed = {"way": "phone", "name": "Anna Esempio", "press": "code"}
    answer = browse(alice).post(path_of(anna, "correct"), typed)
    assert 'value="Anna Esempio"' in answer.text
    assert re.search(r'value="phone"\s+selected', answer.text)


def test_who_has_been_silent_for_a_day_cannot_be_sent_a_code(
    anna: Contact, alice: Person, browse: Callable[..., Client]
) -> None:
    Identity.objects.update(last_wrote_at=timezone.now() - timedelta(hours=25))
    before = Delivery.objects.count()
    answer = _press_code(browse(alice), anna)
    assert (answer.status_code, "Non scrive da troppo tempo" in answer.text) == (422, True)
    assert Delivery.objects.count() == before
    automatic.switch([checking.KIND], on=False)
    Identity.objects.update(last_wrote_at=timezone.now())
    assert "spento" in _press_code(browse(alice), anna).text
    assert not IdentityCode.objects.exists()


# --- who may ------------------------------------------------------------------------------------------------------


def test_only_administrators_meet_requests_and_strangers_find_nothing(
    anna: Contact, olga: Person, edo: Person, carlo: Person, browse: Callable[..., Client]
) -> None:
    request = verbs.record(anna, Right.COPY, Way.PHONE, timezone.localdate(), by=olga)
    for right in Right:
        for person, status in ((olga, 403), (edo, 403), (carlo, 404)):
            assert browse(person).get(path_of(anna, right)).status_code == status
            assert (
                browse(person)
                .post(path_of(anna, right), {**DOCUMENT, "name": "X", "press": "do"})
                .status_code
                == status
            )
    stranger = browse(carlo)
    assert stranger.get("/console/iscritti/richieste/").status_code == 404
    assert stranger.get(f"/console/iscritti/{anna.pk}/richieste/nuova/").status_code == 404
    assert stranger.post(f"/console/iscritti/{anna.pk}/richieste/{request.pk}/chiudi/").status_code == 404
    assert browse(olga).get("/console/iscritti/richieste/").status_code == 403
    assert "Cancella tutto" not in browse(olga).get(f"/console/iscritti/{anna.pk}/").text


def test_a_right_that_there_is_not_is_not_there(
    anna: Contact, alice: Person, browse: Callable[..., Client]
) -> None:
    assert browse(alice).get(path_of(anna, "sell")).status_code == 404


# --- what follows -------------------------------------------------------------------------------------------------
