# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The newsroom's pages: who may open them, and what a person is told."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from arengo.core.models import Organization, Person, Role
from arengo.delivery.models import Fanout, Sender
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Update
from tests.core.hostile_pictures import saved
from tests.factories.core import STRANGER_HOST, member
from tests.factories.newsroom import draft
from tests.factories.pictures import market_square
from tests.newsroom.pages import ROOT, Browse, Write, filled, words

# --- who may ----------------------------------------------------------------------------------------------


def addresses(draft_pk: int, sent_pk: int) -> list[tuple[str, str]]:
    return [
        ("get", ROOT),
        ("get", f"{ROOT}nuovo/"),
        ("post", f"{ROOT}nuovo/"),
        ("post", f"{ROOT}anteprima/"),
        ("get", f"{ROOT}modelli/"),
        ("get", f"{ROOT}{draft_pk}/modifica/"),
        ("post", f"{ROOT}{draft_pk}/modifica/"),
        ("post", f"{ROOT}{draft_pk}/elimina/"),
        ("get", f"{ROOT}{draft_pk}/immagine"),
        ("get", f"{ROOT}{draft_pk}/invio/"),
        ("post", f"{ROOT}{draft_pk}/invio/"),
        ("get", f"{ROOT}{sent_pk}/"),
        ("get", f"{ROOT}{sent_pk}/andamento/"),
        ("post", f"{ROOT}{sent_pk}/riprova/"),
        ("post", f"{ROOT}{sent_pk}/ferma/"),
        ("post", f"{ROOT}{sent_pk}/list/riprova/"),
    ]


def test_a_stranger_finds_nothing_and_changes_nothing(
    altrove: Organization,
    carlo: Person,
    town: Organization,
    write: Write,
    out: Update,
    sender: Sender,
    browse: Browse,
) -> None:
    waiting = write(photo=True)
    here, at_home = browse(carlo), browse(carlo, host=STRANGER_HOST)
    for method, address in addresses(waiting.pk, out.pk):
        assert getattr(here, method)(address).status_code == 404, address
        if re.search(r"\d", address):  # what needs no id is Carlo's own newsroom there
            assert getattr(at_home, method)(address).status_code == 404, address
    assert set(Update.objects.values_list("pk", "state")) == {(waiting.pk, "draft"), (out.pk, "published")}
    assert Fanout.objects.get().stopped_at is None


def test_an_operator_may_not_and_learns_which_role_is_needed(
    town: Organization, write: Write, out: Update, olga: Person, sender: Sender, browse: Browse
) -> None:
    for method, address in addresses(write().pk, out.pk):
        response = getattr(browse(olga), method)(address)
        assert response.status_code == 403, address
    assert "Redattore" in words(browse(olga).get(ROOT))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR])
def test_who_writes_may(town: Organization, browse: Browse, role: str) -> None:
    somebody = member(town, "qualcuno@esempio.test", "Qualcuno Esempio", role)
    for path in ("", "nuovo/"):
        assert browse(somebody).get(ROOT + path).status_code == 200
    assert browse(somebody).get(f"{ROOT}modelli/").status_code == 302


def test_the_signed_out_are_asked_to_sign_in(town: Organization, browse: Browse) -> None:
    assert browse().get(ROOT).status_code == 302


# --- writing ----------------------------------------------------------------------------------------------


def test_a_new_draft_without_a_script(town: Organization, edo: Person, browse: Browse) -> None:
    response = browse(edo).post(f"{ROOT}nuovo/", filled())
    update = Update.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"{ROOT}{update.pk}/modifica/"
    assert [item.url for item in update.items.all()] == [
        "https://www.comune.example.it/mercato",
        "https://www.comune.example.it/biblioteca",
    ]
    page = words(browse(edo).get(response["Location"]))
    assert "Sabato il mercato si sposta in piazza Roma 👉 https://www.comune.example.it/mercato" in page
    assert "3 iscritti € 0,17 stimati 1 s" in page


@pytest.mark.parametrize("action", ["save", "send"])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text_1": "a" * 4097}, "4.097 caratteri: il massimo è 800, 3.297 di troppo."),
        ({"title": "a" * 4097}, "4.097 caratteri: il massimo è 100, 3.997 di troppo."),
        ({"text_2": "uno\ndue"}, "Deve stare su una riga sola"),
        ({"url_1": "javascript:alert(1)"}, "Non è un indirizzo web."),
    ],
)
def test_what_is_wrong_is_refused_with_the_count_and_kept(
    town: Organization, edo: Person, browse: Browse, action: str, changes: dict[str, str], said: str
) -> None:
    response = browse(edo).post(f"{ROOT}nuovo/", filled(action=action, **changes))
    assert response.status_code == 422
    assert said in words(response)
    [kept] = changes.values()
    assert kept.replace("\n", "\r\n") in response.content.decode() or kept in response.content.decode()
    assert Update.objects.get().is_draft
    browse(edo).post(f"{ROOT}{Update.objects.get().pk}/invio/", {"key": "k", "version": "1"})
    assert Update.objects.get().is_draft


def test_an_incomplete_draft_is_saved_but_not_sent(town: Organization, edo: Person, browse: Browse) -> None:
    saved = browse(edo).post(
        f"{ROOT}nuovo/", {"title": "Solo il titolo", "outlets": "channel", "action": "save"}
    )
    assert saved.status_code == 302
    update = Update.objects.get()
    sent = browse(edo).post(
        f"{ROOT}{update.pk}/modifica/",
        {"title": "Solo il titolo", "outlets": "channel", "action": "send", "version": "1"},
    )
    assert sent.status_code == 422
    assert "Manca la notizia: ne serve almeno una." in words(sent)


def test_an_image_comes_in_shows_and_goes_again(town: Organization, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    photo = SimpleUploadedFile("piazza.jpg", market_square(), "image/jpeg")
    client.post(f"{ROOT}nuovo/", filled(image=photo, image_alt="Bancarelle in piazza"))
    update = Update.objects.get()
    shown = client.get(f"{ROOT}{update.pk}/immagine")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    b"".join(shown.streaming_content)  # type: ignore[attr-defined]  # a FileResponse; read to its end, so that it closes
    assert f"{ROOT}{update.pk}/immagine?v=1" in client.get(f"{ROOT}{update.pk}/modifica/").content.decode()
    client.post(f"{ROOT}{update.pk}/modifica/", filled(version="1", remove_image="on"))
    assert client.get(f"{ROOT}{update.pk}/immagine").status_code == 404


def test_a_file_that_is_no_image_is_refused_and_the_words_are_saved(
    town: Organization, edo: Person, browse: Browse
) -> None:
    wrong = SimpleUploadedFile("piazza.jpg", b"<script>", "image/jpeg")
    response = browse(edo).post(f"{ROOT}nuovo/", filled(image=wrong, action="send"))
    assert response.status_code == 422
    assert "serve una foto JPEG o PNG" in words(response)
    assert Update.objects.get().items.count() == 2


@pytest.mark.parametrize(
    ("name", "form", "size", "told"),
    [
        ("lunga.png", "PNG", (200, 8000), "troppo lunga e stretta (200 × 8.000)"),
        ("ballo.gif", "GIF", (60, 40), "animata"),
        ("pratica.tif", "TIFF", (60, 40), "più pagine"),
    ],
)
def test_an_image_that_nobody_would_see_whole_is_told_before_it_is_sent(
    town: Organization, edo: Person, browse: Browse, name: str, form: str, size: tuple[int, int], told: str
) -> None:
    more = [Image.new("RGB", size, "navy")] if form != "PNG" else []
    content = saved(Image.new("RGB", size, "red"), form, save_all=bool(more), append_images=more)
    chosen = SimpleUploadedFile(name, content, "image/png")
    response = browse(edo).post(f"{ROOT}nuovo/", filled(image=chosen, action="send"))
    assert response.status_code == 422
    assert told in words(response)
    assert Update.objects.get().items.count() == 2
    assert not Update.objects.get().image


def test_a_photo_of_an_iphone_becomes_the_image(town: Organization, edo: Person, browse: Browse) -> None:
    chosen = SimpleUploadedFile("IMG_1.HEIC", saved(Image.new("RGB", (600, 400), "navy"), "HEIF"), "")
    browse(edo).post(f"{ROOT}nuovo/", filled(image=chosen, image_alt="Il mare"))
    with Update.objects.get().image.open("rb") as stored:
        assert Image.open(stored).format == "JPEG"


def test_two_editors_see_both_texts(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write()
    writing.save(update.pk, draft(title="Il titolo di Alice"), version=1, by=alice)
    response = browse(edo).post(f"{ROOT}{update.pk}/modifica/", filled(title="Il titolo di Edo", version="1"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Il titolo di Alice" in page
    assert 'value="Il titolo di Edo"' in page
    assert 'name="version" value="2"' in page


def test_writing_on_while_somebody_sends_shows_what_to_copy(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write()
    publishing.publish(town, update.pk, by=alice, key="k", version=1)
    response = browse(edo).post(f"{ROOT}{update.pk}/modifica/", filled(text_1="Il mio testo", version="1"))
    assert response.status_code == 409
    assert "Alice Esempio l'ha inviato" in words(response)
    assert "Il mio testo" in words(response)


def test_the_live_preview_is_of_what_is_being_written(
    town: Organization, edo: Person, browse: Browse
) -> None:
    response = browse(edo).post(f"{ROOT}anteprima/", filled(text_1="Sto scrivendo questo", image_chosen="on"))
    page = words(response)
    assert "Sto scrivendo questo 👉" in page
    assert "Manca la descrizione dell'immagine" in page
    assert "3 iscritti" in page
    assert not Update.objects.exists()


def test_what_an_editor_writes_is_not_markup(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(title="<script>alert(1)</script>")
    for address in (f"{ROOT}{update.pk}/modifica/", ROOT, f"{ROOT}{update.pk}/invio/"):
        assert "<script>alert(1)" not in browse(edo).get(address).content.decode()


def test_the_question_on_its_own_page_says_which_draft_goes(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    assert update.title in words(browse(edo).get(f"{ROOT}{update.pk}/elimina/"))


def test_a_draft_is_thrown_away(town: Organization, write: Write, edo: Person, browse: Browse) -> None:
    update = write()
    assert browse(edo).post(f"{ROOT}{update.pk}/elimina/").status_code == 302
    assert not Update.objects.exists()
