# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import messages


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    room = tmp_path / "src" / "arengo" / "sala"
    (room / "templates" / "sala").mkdir(parents=True)
    (room / "__init__.py").write_text("")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "ROOMS", tmp_path / "src" / "arengo")
    return room


def write(room: Path, python: str = "", html: str = "") -> None:
    (room / "words.py").write_text(python)
    (room / "templates" / "sala" / "page.html").write_text(html)


def ids(room: Path) -> set[str | tuple[str, ...]]:
    return {message.id for message in messages.extracted(room) if message.id}


def translate(room: Path, **words: str) -> None:
    path = messages.catalogue_of(room)
    text = path.read_text()
    for italian, english in words.items():
        text = text.replace(f'msgid "{italian}"\nmsgstr ""', f'msgid "{italian}"\nmsgstr "{english}"')
    path.write_text(text)


def test_every_way_of_marking_words_in_python_is_found(room: Path) -> None:
    write(
        room,
        'a = _("uno")\nb = gettext_lazy("due " "tre")\nc = ngettext("%(n)d voce", "%(n)d voci", n)\n'
        'd = pgettext("stato", "aperto")\ne = _(variabile)\n',
    )
    assert ids(room) == {"uno", "due tre", ("%(n)d voce", "%(n)d voci"), "aperto"}
    assert messages.extracted(room).get("aperto", "stato") is not None


def test_a_name_that_nobody_extracts_is_told(room: Path) -> None:
    write(room, "from django.utils.translation import gettext as _now, gettext_lazy as _\na = _now('uno')\n")
    assert [problem for problem in messages.problems(room) if "«_now»" in problem]


def test_every_way_of_marking_words_in_templates_is_found(room: Path) -> None:
    write(
        room,
        html="""{% load i18n %}<p>L'ufficio {# gettext("no") #}{% translate "l'anagrafe è aperta" %}</p>
        {% translate 'Chiudi' context "porta" %}{% status "success" _("Pubblicato") %}
        {{ x|default:_("niente") }}
        {% blocktranslate count n=n trimmed %}
            {{ n }} "iscritto"
        {% plural %}
            {{ n }} iscritti
        {% endblocktranslate %}{% blocktranslate %}Il 5% di {{ tutti }}{% endblocktranslate %}""",
    )
    assert ids(room) == {
        "l'anagrafe è aperta",
        "Chiudi",
        "Pubblicato",
        "niente",
        ('%(n)s "iscritto"', "%(n)s iscritti"),
        "Il 5%% di %(tutti)s",
    }


def test_what_is_translated_is_kept_and_what_is_gone_is_dropped(room: Path) -> None:
    write(room, 'a = _("uno")\nb = _("due")\n')
    messages.update([])
    translate(room, uno="one", due="two")
    write(room, 'a = _("uno")\nc = _("tre")\n')
    messages.update([])
    catalogue = messages.stored(room)
    assert {message.id: message.string for message in catalogue if message.id} == {"uno": "one", "tre": ""}
    assert "due" not in messages.catalogue_of(room).read_text()


def test_updating_twice_changes_nothing(room: Path) -> None:
    write(room, 'a = _("uno")\n')
    messages.update([])
    first = messages.catalogue_of(room).read_text()
    messages.update([])
    assert messages.catalogue_of(room).read_text() == first


def test_a_compiled_catalogue_answers_in_english_and_leaves_the_untranslated_in_italian(room: Path) -> None:
    write(room, 'a = _("uno")\nb = _("due")\nc = ngettext("voce", "voci", n)\n')
    messages.update([])
    translate(room, uno="one")
    messages.compile_all()
    with messages.catalogue_of(room).with_suffix(".mo").open("rb") as compiled:
        english = gettext.GNUTranslations(compiled)
    assert (english.gettext("uno"), english.gettext("due"), english.ngettext("voce", "voci", 2)) == (
        "one",
        "due",
        "voci",
    )


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('a = _("uno")', 'a = _("uno")', "not translated"),
        ('a = _("uno")', 'a = _("uno"); b = _("due")', "not in the catalogue"),
        ('a = _("uno"); b = _("due")', 'a = _("uno")', "no longer in the source"),
    ],
)
def test_a_catalogue_that_does_not_fit_the_source_is_refused(
    room: Path, before: str, after: str, problem: str
) -> None:
    write(room, before)
    messages.update([])
    write(room, after)
    assert any(problem in line for line in messages.problems(room))
    assert messages.check() == 1


@pytest.mark.parametrize(
    ("italian", "english", "right"),
    [
        ("%(n)s iscritti", "%(n)s subscribers", True),
        ("%(n)s iscritti", "%(m)s subscribers", False),
        ("Ciao {ente}", "Hello", False),
        ("%s di %s", "%s of %s", True),
        ("tutto", "all %s", False),
    ],
)
def test_placeholders_must_be_those_of_the_source(
    room: Path, italian: str, english: str, right: bool
) -> None:
    write(room, f"a = _({italian!r})")
    messages.update([])
    translate(room, **{italian: english})
    assert (not list(messages.problems(room))) is right
