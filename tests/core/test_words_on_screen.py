# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tags and filters of every page: times as people say them, chat text, fields, palettes."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.db import connection
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given, strategies as st

from arengo.core.chat_text import to_html
from arengo.core.models import Organization, Palette

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)  # a Sunday, 18:40 in Rome


def said(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    html = Template("{% load arengo %}{% ago at %}").render(Context({"at": moment}))
    return html.split('aria-hidden="true">')[1].split("<")[0]


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "adesso"),
        (timedelta(minutes=12, seconds=50), "12 min"),
        (timedelta(hours=2, minutes=59), "2 h"),
        (timedelta(hours=14), "oggi 04:40"),
        (timedelta(days=1, hours=1), "ieri 17:40"),
        (timedelta(days=3), "giovedì 18:40"),
        (timedelta(days=20), "2 nov, 18:40"),
        (timedelta(days=400), "18 ott 2025"),
        (-timedelta(hours=1), "oggi 19:40"),
        (-timedelta(days=1), "domani 18:40"),
    ],
)
def test_times_are_said_as_people_say_them(
    age: timedelta, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(NOW - age, monkeypatch) == words


def test_the_exact_time_is_there_on_hover_and_for_screen_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    html = Template("{% load arengo %}{% ago at %}").render(Context({"at": NOW - timedelta(minutes=3)}))
    assert 'title="domenica 22 novembre 2026 alle 18:37"' in html
    assert '<span class="visually-hidden">domenica 22 novembre 2026 alle 18:37</span>' in html
    assert 'datetime="2026-11-22T18:37:00+01:00"' in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("ciao *mondo*", "ciao <strong>mondo</strong>"),
        ("_piano_ e ~forte~", "<em>piano</em> e <s>forte</s>"),
        ("2*3*4 e nome_del_file", "2*3*4 e nome_del_file"),
        ("* non così *", "* non così *"),
        ("```a *b*```", "<code>a *b*</code>"),
        (
            "vai su https://x.example/a_b_c, poi",
            'vai su <a href="https://x.example/a_b_c" rel="noopener noreferrer nofollow">https://x.example/a_b_c</a>, poi',
        ),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("*<i>*", "<strong>&lt;i&gt;</strong>"),
    ],
)
def test_chat_text_is_shown_as_the_phone_shows_it(text: str, html: str) -> None:
    assert to_html(text) == html


@given(st.text(alphabet="<>\"'&*_~`ab /:htps.\n", max_size=60))
def test_no_chat_text_can_bring_markup_of_its_own(text: str) -> None:
    from html.parser import HTMLParser

    found: list[tuple[str, list[str]]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, [name for name, _ in attrs]))

    Parser().feed(to_html(text))
    for tag, attributes in found:
        assert tag in {"strong", "em", "s", "code", "a"}
        assert attributes == (["href", "rel"] if tag == "a" else [])


class Sample(forms.Form):
    title = forms.CharField(label="Titolo", help_text="Poche parole")
    note = forms.CharField(label="Nota", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="Accetto")
    colour = forms.ChoiceField(
        label="Colore", choices=[("a", "Rosso"), ("b", "Blu")], widget=forms.RadioSelect
    )


def test_a_form_ties_label_help_and_error_to_each_field() -> None:
    html = Sample({}).as_div()
    assert '<label for="id_title">' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert "<legend>" in html
    assert "facoltativo" in html.split('for="id_note"')[1].split("</label>")[0]


def test_a_form_with_errors_lists_them_first_with_links_to_the_fields() -> None:
    html = Sample({}).as_div()
    assert html.index('role="alert"') < html.index('name="title"')
    assert '<a href="#id_title">Titolo</a>' in html
    assert '<a href="#id_colour">Colore</a>' in html
    assert 'id="id_colour"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert 'role="alert"' not in Sample().as_div()


def test_every_palette_of_the_settings_is_built() -> None:
    built = json.loads((ROOT / "frontend" / "palettes.json").read_text())
    assert set(built) == set(Palette.values)


def test_icons_are_silent_beside_words_and_named_alone() -> None:
    html = Template('{% load arengo %}{% icon "it-mail" %}|{% icon "send" "" "Invia" %}').render(Context())
    beside, alone = html.split("|")
    assert 'aria-hidden="true"' in beside
    assert "#it-mail" in beside
    assert 'role="img" aria-label="Invia"' in alone


def test_days_have_capitals_in_english_only() -> None:
    with translation.override("en"):
        html = Template("{% load arengo %}{% moment at %}").render(Context({"at": NOW}))
    assert "Sunday 22 November 2026" in html


def test_a_set_of_choices_has_no_box_of_its_own_around_it() -> None:
    class Choices(forms.Form):
        roles = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)

    html = Template("{% load arengo %}{% control form.roles %}").render(Context({"form": Choices()}))
    assert '<div id="id_roles">' in html


def test_palettes_chosen_before_keep_their_colours(esempio: Organization) -> None:
    names = importlib.import_module("arengo.core.migrations.0510_palettes_in_english")
    [statement] = [one for one in names.Migration.operations if hasattr(one, "sql")]
    with connection.cursor() as cursor:
        for old, new in {**names.NAMES, "bordeaux": "bordeaux"}.items():
            Organization.objects.filter(pk=esempio.pk).update(palette=old)
            cursor.execute(statement.sql)
            esempio.refresh_from_db()
            assert esempio.palette == new
            cursor.execute(statement.reverse_sql)
            esempio.refresh_from_db()
            assert esempio.palette == old
