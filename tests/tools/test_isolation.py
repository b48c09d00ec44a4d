# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lint that finds foreign text which could turn round what stands beside it."""

from __future__ import annotations

import pytest

from tools import isolation

TURNS = [
    "<p>{{ citizen }}</p>",
    "<p>Da {{ message.author }}</p>",
    "<td>{{ file.filename }}, {{ file.size|filesizeformat }}</td>",
    "{{ something_new }}",
    "<p>{{ item.text|truncatechars:60 }}</p>",
    "<p>{{ item.text|chat_text }}</p>",
    "<p>{{ shown|default:contact.name }}</p>",
    "<p>{{ title|default:contact.name }}</p>",
    '<img alt="Foto di {{ citizen }}">',
    '<img alt="{{ citizen }} {{ phone }}" title="{% if a %}x{% endif %}{{ citizen }}y">',
    '<input type="text" value="{{ typed }}">',
    '<input value="{{ typed }}">',
    "<title>{{ citizen }}</title>",
    "<title><bdi>{{ citizen }}</bdi></title>",
    "<title>{{ citizen|bdi }}</title>",
    '<option value="1">{{ person }}</option>',
    "<textarea>{{ draft }}</textarea>",
    "{% block title %}{{ update }}{% endblock %}",
    "{% blocktranslate with name=person %}da {{ name }}{% endblocktranslate %}",
    "{% blocktranslate with person as name %}da {{ name }}{% endblocktranslate %}",
    "{% blocktranslate %}da {{ citizen }}{% endblocktranslate %}",
    '<p dir="auto">{% blocktranslate with name=person %}da {{ name }}{% endblocktranslate %}</p>',
    "{% blocktranslate asvar words with name=person|bdi %}da {{ name }}{% endblocktranslate %}",
    '<a title="{% blocktranslate with name=person|bdi %}da {{ name }}{% endblocktranslate %}">x</a>',
    '<a aria-label="{% blocktranslate with name=person %}da {{ name }}{% endblocktranslate %}">x</a>',
    "{% blocktranslate count n=n with name=person %}{{ n }} da {{ name }}{% plural %}{{ n }} da {{ name }}{% endblocktranslate %}",
    '{% include "arengo/partials/notice.html" with text=sender.stop_reason %}',
    "{% with title=post.title %}{{ title }}{% endwith %}",
    "{% firstof citizen phone %}",
    '<p dir="auto">Da {{ citizen }}</p>',
    "<p><bdi>a</bdi>{{ citizen }}</p>",
    '<a href="mailto:<bdi>x</bdi>">x</a>',
]

ISOLATED = [
    "<p><bdi>{{ citizen }}</bdi></p>",
    '<p dir="auto">{{ item.text|chat_text }}</p>',
    "<p>{{ citizen|bdi }} {{ citizen|isolated }} {{ file.filename|file_name }}</p>",
    '<img alt="{{ post.image_alt|plain_text }}">',
    '<img alt="Foto di {{ citizen|isolated }}">',
    '<a href="{% url \'x\' a.pk %}" class="{{ look }}" data-x="{{ citizen }}">x</a>',
    '<input type="text" dir="auto" value="{{ typed }}">',
    '<input type="hidden" value="{{ typed }}">',
    '<option dir="auto">{{ person }}</option>',
    "<title>{{ citizen|isolated }}</title>",
    "{% block title %}{{ update|isolated }}{% endblock %}",
    "{% blocktranslate with name=person|bdi %}da {{ name }}{% endblocktranslate %}",
    "{% blocktranslate %}da <bdi>{{ citizen }}</bdi>{% endblocktranslate %}",
    "{% blocktranslate asvar words with name=person|isolated %}da {{ name }}{% endblocktranslate %}{{ words }}",
    "<p>{{ total|intcomma }} {{ at|date:'c' }} {{ label }} {{ form.as_div }}</p>",
    "{% translate 'x' as made %}{{ made }}{% include 'y.html' with text=made %}",
    '{% include "arengo/partials/notice.html" with text=sender.stop_reason|isolated %}',
    "{% comment %}{{ citizen }}{% endcomment %}{# {{ citizen }} #}",
]


@pytest.mark.parametrize("source", TURNS)
def test_what_can_turn_its_neighbours_is_found(source: str) -> None:
    assert isolation.problems(source)


@pytest.mark.parametrize("source", ISOLATED)
def test_what_is_isolated_is_left_alone(source: str) -> None:
    assert isolation.problems(source) == []


def test_in_a_mail_there_are_no_elements() -> None:
    assert isolation.problems("Da {{ person }}", html=False)
    assert isolation.problems("Da {{ person|bdi }}", html=False)
    assert isolation.problems("Da {{ person|isolated }}", html=False) == []


def test_the_line_is_told() -> None:
    [found] = isolation.problems("<p>\n{# a\nb #}\n<b>{{ citizen }}</b></p>")
    assert (found.line, "citizen" in found.words) == (4, True)


def test_all_templates_are_read_and_none_can_turn() -> None:
    assert len(list(isolation.templates())) > 200
    assert isolation.main() == 0
