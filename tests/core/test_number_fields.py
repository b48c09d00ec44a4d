# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every number that a person types goes through the fields of core.form_fields, on pages to come as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.utils import translation

import arengo
from arengo.core.form_fields import AmountField, CountField

SOURCE = Path(arengo.__file__).parent
FILES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
BARE = {"IntegerField", "DecimalField", "FloatField", "NumberInput"}
PAGES = [path for ending in ("html", "js") for path in SOURCE.rglob(f"*.{ending}")]
PAGES += (SOURCE.parents[1] / "frontend" / "js").glob("*.js")


class Prices(forms.Form):
    amount = AmountField(decimals=5, most=Decimal(999), usual=Decimal(10), initial=Decimal("0.0795"))
    count = CountField(least=1, most=5000, initial=1000, required=False)


# --- the tree -------------------------------------------------------------------------------------------------


def _of_django_forms(tree: ast.AST) -> Iterator[str]:
    """``forms.IntegerField`` and the name imported from ``django.forms``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "forms":
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.forms"):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_form_is_written_with_a_bare_number_field(path: Path) -> None:
    assert not BARE & set(_of_django_forms(ast.parse(path.read_text(encoding="utf-8"))))


def _forms(of: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for form in of.__subclasses__():
        yield form
        yield from _forms(form)


def test_no_form_of_a_model_gets_a_bare_number_field_from_django() -> None:
    for path in FILES:
        if "ModelForm" in path.read_text(encoding="utf-8"):
            import_module(".".join(("arengo", *path.relative_to(SOURCE).with_suffix("").parts)))
    bare = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _forms(forms.BaseForm)
        if form.__module__.startswith("arengo.")
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]  # each made by Django's metaclass has it
        if isinstance(field, forms.IntegerField)  # the base of the others too
    ]
    assert bare == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(SOURCE.parents[1]).as_posix())
def test_no_page_has_an_input_that_hides_what_is_no_number_to_the_browser(path: Path) -> None:
    assert not re.search(r"""type=\\?["']?number""", path.read_text(encoding="utf-8"))


# --- the fields -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "amount"), [("it", "0,0795"), ("en", "0.0795")])
def test_a_stored_number_is_shown_as_the_reader_writes_it_and_is_no_change(
    language: str, amount: str
) -> None:
    with translation.override(language):
        page = str(Prices())
        assert f'value="{amount}"' in page
        assert 'value="1000"' in page
        sent = Prices({"amount": amount, "count": "1.000"})
        assert sent.is_valid()
        assert sent.changed_data == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_both_writings_are_read_in_both_languages(language: str) -> None:
    with translation.override(language):
        for amount in ("0,030", "0.030"):
            form = Prices({"amount": amount, "count": "1,000"})
            assert form.is_valid()
            assert form.cleaned_data == {"amount": Decimal("0.030"), "count": 1000}


def test_what_was_typed_stays_in_the_field_beside_the_question() -> None:
    form = Prices({"amount": " 12.345", "count": ""})
    assert form.errors["amount"] == [
        "Si può leggere in due modi: intendi 12345 (senza decimali) o 12,3450 (con i decimali)? Riscrivilo così."
    ]
    assert 'value=" 12.345"' in str(form["amount"])
    assert form.cleaned_data == {"count": None}


def test_the_question_is_in_the_language_of_the_reader() -> None:
    with translation.override("en"):
        [words] = Prices({"amount": "12,345"}).errors["amount"]
    assert "12345" in words
    assert "12.3450" in words
    assert "modi" not in words


def test_a_phone_shows_the_keys_for_it() -> None:
    page = str(Prices())
    assert 'inputmode="decimal"' in page
    assert 'inputmode="numeric"' in page
