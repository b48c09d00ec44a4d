# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor saves by itself: what the server does with what it is sent."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from arengo.core.models import AuditEntry, Organization, Person
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Update
from tests.factories.core import STRANGER_HOST
from tests.factories.newsroom import draft
from tests.factories.pictures import market_square
from tests.newsroom.pages import ROOT, Browse, Write, filled

KEY = "0123456789abcdef0123456789abcdef"


def test_carlo_of_another_organization_saves_nothing_of_ours(
    town: Organization, altrove: Organization, carlo: Person, write: Write, browse: Browse
) -> None:
    update = write(title="Di Edo")
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        assert client.post(f"{ROOT}{update.pk}/salva/", filled(version="1")).status_code == 404
        assert client.get(f"{ROOT}{update.pk}/adesso/").status_code == 404
    assert browse(carlo).post(f"{ROOT}salva/", filled()).status_code == 404
    assert Update.objects.get().title == "Di Edo"


def test_a_draft_begins_with_its_first_words(town: Organization, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    assert client.post(f"{ROOT}salva/", {"outlets": "channel", "born_as": KEY}).status_code == 204
    assert not Update.objects.exists()
    told = client.post(f"{ROOT}salva/", {"title": "M", "outlets": "channel", "born_as": KEY}).json()
    update = Update.objects.get()
    assert (told["version"], told["update"], told["home"]) == (1, update.pk, f"{ROOT}{update.pk}/modifica/")


def test_a_page_that_never_heard_the_answer_makes_no_second_draft(
    town: Organization, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    for title in ("Mer", "Merca", "Mercato"):
        assert client.post(f"{ROOT}salva/", {"title": title, "born_as": KEY}).status_code == 200
    client.post(f"{ROOT}nuovo/", {"title": "Il mercato", "born_as": KEY, "action": "save"})
    assert Update.objects.get().title == "Il mercato"
    assert AuditEntry.objects.filter(verb="newsroom.drafted").count() == 1


def test_the_same_key_of_another_person_is_another_draft(
    town: Organization, edo: Person, alice: Person, browse: Browse
) -> None:
    browse(edo).post(f"{ROOT}salva/", {"title": "Di Edo", "born_as": KEY})
    browse(alice).post(f"{ROOT}salva/", {"title": "Di Alice", "born_as": KEY})
    assert set(Update.objects.values_list("title", flat=True)) == {"Di Edo", "Di Alice"}


def test_a_lost_answer_does_not_write_over_a_colleague(
    town: Organization, edo: Person, alice: Person, browse: Browse
) -> None:
    browse(edo).post(f"{ROOT}salva/", {"title": "Di Edo", "born_as": KEY})
    writing.save(Update.objects.get().pk, draft(title="Di Alice"), version=1, by=alice)
    answer = browse(edo).post(f"{ROOT}salva/", {"title": "Di Edo, ancora", "born_as": KEY})
    assert answer.status_code == 409
    assert Update.objects.get().title == "Di Alice"


def test_it_never_saves_over_somebody_elses_text(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write()
    writing.save(update.pk, draft(title="Di Alice"), version=1, by=alice)
    answer = browse(edo).post(f"{ROOT}{update.pk}/salva/", filled(title="Di Edo", version="1"))
    assert answer.status_code == 409
    assert "Alice Esempio" in answer.json()["words"]
    assert Update.objects.get().title == "Di Alice"


def test_what_was_sent_meanwhile_is_said(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write()
    publishing.publish(town, update.pk, by=alice, key="k", version=1)
    answer = browse(edo).post(f"{ROOT}{update.pk}/salva/", filled(version="1"))
    assert answer.status_code == 410
    assert "Alice Esempio" in answer.json()["words"]


def test_a_session_that_ended_is_said_in_a_way_that_the_page_understands(
    town: Organization, write: Write, browse: Browse
) -> None:
    answer = browse().post(f"{ROOT}{write().pk}/salva/", filled(version="1"), headers={"HX-Request": "true"})
    assert answer.status_code == 401


def test_the_same_words_again_are_no_new_version(town: Organization, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    told = client.post(f"{ROOT}salva/", filled()).json()
    again = client.post(f"{ROOT}{told['update']}/salva/", filled(version="1")).json()
    assert again["version"] == 1
    changed = client.post(f"{ROOT}{told['update']}/salva/", filled(version="1", title="Altro")).json()
    assert changed["version"] == 2


def test_a_picture_comes_along_and_stays_until_the_button_takes_it_away(
    town: Organization, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    photo = SimpleUploadedFile("piazza.jpg", market_square(), "image/jpeg")
    told = client.post(f"{ROOT}salva/", filled(image=photo)).json()
    assert f"/{told['update']}/immagine" in told["picture"]
    client.post(f"{ROOT}{told['update']}/salva/", filled(version="1", title="Altro", remove_image="on"))
    assert Update.objects.get().image
    assert Update.objects.get().title == "Altro"


def test_words_are_saved_though_the_picture_cannot_be(
    town: Organization, edo: Person, browse: Browse
) -> None:
    wrong = SimpleUploadedFile("piazza.jpg", b"<script>", "image/jpeg")
    told = browse(edo).post(f"{ROOT}salva/", filled(image=wrong)).json()
    assert "serve una foto JPEG o PNG" in told["picture_problem"]
    assert Update.objects.get().items.count() == 2


def test_too_much_text_is_refused_in_words(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(title="Corto")
    answer = browse(edo).post(f"{ROOT}{update.pk}/salva/", filled(version="1", title="a" * 20_001))
    assert answer.status_code == 422
    assert "troppo lungo" in answer.json()["words"]
    assert Update.objects.get().title == "Corto"


def test_an_open_editor_hears_of_somebody_elses_text_and_not_of_its_own(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write()
    writing.save(update.pk, draft(title="Di Alice"), version=1, by=alice)
    assert b"Alice Esempio" in browse(edo).get(f"{ROOT}{update.pk}/adesso/?version=1").content
    assert not browse(edo).get(f"{ROOT}{update.pk}/adesso/?version=2").content.strip()
    assert not browse(alice).get(f"{ROOT}{update.pk}/adesso/?version=1").content.strip()


def test_an_empty_form_makes_no_draft(town: Organization, edo: Person, browse: Browse) -> None:
    answer = browse(edo).post(f"{ROOT}nuovo/", {"outlets": "channel", "action": "save"})
    assert answer.status_code == 422
    assert "Non c'è ancora nulla da salvare" in answer.content.decode().replace("&#x27;", "'")
    assert not Update.objects.exists()
