# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates are given typed screens. One or two names may stand as a dict where ``render`` is called; nothing else."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import arengo
from arengo.core import screens
from arengo.core.screens import Screen, lazily, names_of, render_screen_to_string

SOURCE = Path(arengo.__file__).parent
FILES = [
    path
    for path in SOURCE.rglob("*.py")
    if not {"sandbox", "migrations"} & set(path.parts) and path != Path(screens.__file__)
]
MOST_KEYS = 2
_CONTEXT = {"render": 2, "render_to_string": 1}  # the place of the context among the arguments
_GIVEN_SCREENS = {"render_screen", "render_screen_to_string", "show", "names_of"}
_SHORTCUTS, _LOADER = "django.shortcuts", "django.template.loader"
# Other ways from a dict to a page. The library of tags alone is imported from django.template.
_OTHER_WAYS = ("django.template", "django.views.generic")
_MAY_IMPORT = {"django.template": {"Library"}, _LOADER: {"render_to_string"}}
_HARMLESS = ("django.template.defaultfilters", "django.template.defaulttags")


# --- the tree -------------------------------------------------------------------------------------------------


class Contexts(ast.NodeVisitor):
    """What a module hands to templates otherwise than it should: ``found``, with the lines."""

    def __init__(self, source: str) -> None:
        self.found: list[str] = []
        self._renderers: dict[str, str] = {}  # a name of the module → what it is in Django
        self._modules: set[str] = (
            set()
        )  # names of the module that are django.shortcuts or django.template.loader
        self._screens: set[str] = set()
        self._template: set[str] = set()  # names of the module that are django.template
        self.visit(ast.parse(source))

    def _say(self, node: ast.AST, words: str) -> None:
        self.found.append(f"line {getattr(node, 'lineno', 0)}: {words}")

    # --- what it imports ---

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            if name.name in (_SHORTCUTS, _LOADER) and name.asname:
                self._modules.add(name.asname)
            elif name.name in (_SHORTCUTS, _LOADER):
                self._modules.add(name.name)
            elif _is_another_way(name.name):
                self._say(node, f"{name.name} is another way to a template")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for name in node.names:
            known = name.asname or name.name
            whole = f"{module}.{name.name}"
            if whole in (_SHORTCUTS, _LOADER):
                self._modules.add(known)
            elif module in (_SHORTCUTS, _LOADER) and name.name in _CONTEXT:
                self._renderers[known] = name.name
            elif module.startswith("arengo.") and name.name in _GIVEN_SCREENS:
                self._screens.add(known)
            elif module == "django" and name.name == "template":
                self._template.add(
                    known
                )  # for its Library; what else is taken from it, visit_Attribute finds
            elif _is_another_way(module) and name.name not in _MAY_IMPORT.get(module, set()):
                self._say(node, f"{whole} is another way to a template")

    # --- what it calls ---

    def visit_Call(self, node: ast.Call) -> None:
        if renderer := self._renderer(node.func):
            self._context_of(node, renderer)
        elif isinstance(node.func, ast.Name) and node.func.id in self._screens:
            for given in [*node.args, *(keyword.value for keyword in node.keywords)]:
                if _is_dict(given):
                    self._say(node, "a dict instead of a screen")
        elif not isinstance(node.func, ast.Name):
            self.visit(node.func)
        for child in [*node.args, *(keyword.value for keyword in node.keywords)]:
            self.visit(child)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in self._renderers:
            self._say(node, f"{node.id} is handed on: its context cannot be seen")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if self._renderer(node):
            self._say(node, f"{node.attr} is handed on: its context cannot be seen")
        elif ast.unparse(node.value) in self._template and node.attr != "Library":
            self._say(node, f"template.{node.attr} is another way to a template")
        self.generic_visit(node)

    def _renderer(self, func: ast.expr) -> str:
        if isinstance(func, ast.Name):
            return self._renderers.get(func.id, "")
        if (
            isinstance(func, ast.Attribute)
            and func.attr in _CONTEXT
            and ast.unparse(func.value) in self._modules
        ):
            return func.attr
        return ""

    def _context_of(self, call: ast.Call, renderer: str) -> None:
        if any(isinstance(one, ast.Starred) for one in call.args) or any(
            one.arg is None for one in call.keywords
        ):
            return self._say(call, "its arguments are unpacked: its context cannot be seen")
        named = [keyword.value for keyword in call.keywords if keyword.arg == "context"]
        for context in [*named, *call.args[_CONTEXT[renderer] : _CONTEXT[renderer] + 1]]:
            if not _is_small(context):
                self._say(context, f"the context is no dict of at most {MOST_KEYS} names, written there")
        return None

    # --- what it defines ---

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name == "get_context_data":
            self._say(node, "get_context_data merges dicts")
        if any("inclusion_tag" in ast.unparse(each) for each in node.decorator_list):
            for one in ast.walk(node):
                if isinstance(one, ast.Return) and not (one.value and _is_small(one.value)):
                    self._say(one, f"an inclusion tag gives more than {MOST_KEYS} names")
        self.generic_visit(node)


def _is_another_way(module: str) -> bool:
    return module not in _HARMLESS and any(f"{module}.".startswith(f"{one}.") for one in _OTHER_WAYS)


def _is_small(context: ast.expr) -> bool:
    if isinstance(context, ast.Constant):
        return context.value is None
    return (
        isinstance(context, ast.Dict)
        and len(context.keys) <= MOST_KEYS
        and all(isinstance(key, ast.Constant) for key in context.keys)  # the key of «**» is None
    )


def _is_dict(given: ast.expr) -> bool:
    is_call = isinstance(given, ast.Call) and isinstance(given.func, ast.Name) and given.func.id == "dict"
    return is_call or isinstance(given, (ast.Dict, ast.DictComp))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_template_is_given_a_large_or_merged_dict(path: Path) -> None:
    assert Contexts(path.read_text(encoding="utf-8")).found == []


_RENDER = "from django.shortcuts import render\n"
BAD = {
    "three names": _RENDER + 'render(request, "a.html", {"a": 1, "b": 2, "c": 3})',
    "by keyword": _RENDER + 'render(request, "a.html", context={"a": 1, "b": 2, "c": 3})',
    "all by keyword": _RENDER + 'render(request=request, template_name="a.html", context=context)',
    "a merge": _RENDER + 'render(request, "a.html", {**first, "b": 2})',
    "a union": _RENDER + 'render(request, "a.html", first | second)',
    "a variable": _RENDER + 'context = {"a": 1}\nrender(request, "a.html", context)',
    "a helper's": _RENDER + 'render(request, "a.html", _context(request))',
    "dict()": _RENDER + 'render(request, "a.html", dict(a=1, b=2, c=3))',
    "a name that is computed": _RENDER + 'render(request, "a.html", {name: 1})',
    "unpacked": _RENDER + "render(request, *rest)",
    "unpacked names": _RENDER + "render(request, **rest)",
    "another name": 'from django.shortcuts import render as draw\ndraw(request, "a.html", context)',
    "the module": 'from django import shortcuts\nshortcuts.render(request, "a.html", context)',
    "the whole module": 'import django.shortcuts\ndjango.shortcuts.render(request, "a.html", context)',
    "handed on": _RENDER + "from functools import partial\npage = partial(render, context=context)",
    "to a string": 'from django.template.loader import render_to_string\nrender_to_string("a.txt", context)',
    "the loader": 'from django.template import loader\nloader.render_to_string("a.txt", context)',
    "get_template": 'from django.template.loader import get_template\nget_template("a.html").render(context)',
    "Template": 'from django.template import Context, Template\nTemplate("").render(Context(context))',
    "the module's Template": 'from django import template\ntemplate.Template("").render(context)',
    "TemplateResponse": "from django.template.response import TemplateResponse",
    "TemplateView": "from django.views.generic import TemplateView",
    "get_context_data": "class Page:\n    def get_context_data(self): return {}",
    "inclusion tag": '@register.inclusion_tag("a.html")\ndef tag(a):\n    return {"a": a, "b": 2, "c": 3}',
    "a dict for show": "from arengo.core.console.settings_access import show\nshow(request, 'a.html', {'a': 1})",
    "a dict for a screen": "from arengo.core.screens import render_screen\nrender_screen(request, 'a', dict(a=1))",
    "in a lambda": _RENDER + 'page = lambda request: render(request, "a.html", context)',
}
GOOD = {
    "nothing": _RENDER + 'render(request, "a.html", status=404)',
    "None": _RENDER + 'render(request, "a.html", None)',
    "two names": _RENDER + 'render(request, "a.html", {"a": 1, "b": {"c": {**d}, "e": 1, "f": 2}})',
    "a screen": "from arengo.core.screens import render_screen\nrender_screen(request, 'a.html', Page(1, 2, 3))",
    "another render": 'figures.render(request, "a.html", context)',
    "a library": "from django import template\nregister = template.Library()",
    "a small tag": '@register.inclusion_tag("a.html")\ndef tag(a):\n    return {"a": a}',
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_a_module_that_hands_over_a_dict_is_found(source: str) -> None:
    assert Contexts(source).found


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_a_module_that_hands_over_a_screen_is_left_alone(source: str) -> None:
    assert Contexts(source).found == []


# --- the screens ----------------------------------------------------------------------------------------------


_VAGUE = {"Any", "object", "dict", "Dict", "Mapping", "MutableMapping"}


def _screens() -> list[type[Screen]]:
    for path in FILES:
        if "Screen" in path.read_text(encoding="utf-8"):
            import_module(".".join(("arengo", *path.relative_to(SOURCE).with_suffix("").parts)))
    return sorted(_derived(Screen), key=lambda one: (one.__module__, one.__name__))


def _derived(base: type[Screen]) -> Iterator[type[Screen]]:
    for screen in base.__subclasses__():
        if screen.__module__.startswith("arengo."):
            yield screen
        yield from _derived(screen)


def _named(annotation: str, module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Each name of an annotation, and what it is in that module."""
    for node in ast.walk(ast.parse(annotation, mode="eval")):
        if isinstance(node, (ast.Name, ast.Attribute)):
            whole = ast.unparse(node)
            value: Any = vars(module).get(whole.partition(".")[0])
            for part in whole.split(".")[1:]:
                value = getattr(value, part, None)
            yield whole, value


def vague(screen: type) -> list[str]:
    """Fields whose type says little: of a screen and of the dataclasses of its module that it is made of."""
    module = sys.modules[screen.__module__]
    found = []
    for name, annotation in vars(screen).get("__annotations__", {}).items():
        for word, value in _named(str(annotation), module):
            if word.rpartition(".")[2] in _VAGUE:
                found.append(f"{screen.__name__}.{name}: {annotation}")
            is_part = (
                isinstance(value, type) and is_dataclass(value) and value.__module__ == screen.__module__
            )
            if is_part and value is not screen:
                found += vague(value)
    return found


def test_every_screen_is_a_frozen_dataclass_of_precise_types() -> None:
    found = _screens()
    assert len(found) > 30
    # A class that is derived without the decorator would leave its fields out of the page.
    undecorated = [
        screen.__qualname__
        for screen in found
        if "__dataclass_params__" not in vars(screen) or not vars(screen)["__dataclass_params__"].frozen
    ]
    assert undecorated == []
    assert [line for screen in found for line in vague(screen)] == []


@dataclass(frozen=True)
class Part:
    whatever: Any


@dataclass(frozen=True)
class Vague(Screen):
    names: list[dict[str, int]]
    part: Part
    plain: str


def test_a_screen_that_says_little_is_found_also_in_its_parts() -> None:
    assert [line.partition(":")[0] for line in vague(Vague)] == ["Vague.names", "Part.whatever"]


# --- rendering ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason(Screen):
    reason: str


@dataclass(frozen=True)
class Other(Screen):
    reason: str
    more: int = 0


def test_the_fields_of_a_screen_are_the_names_of_the_template() -> None:
    assert names_of(Other("perché", 3)) == {"reason": "perché", "more": 3}
    assert names_of() == {}


def test_what_stands_in_a_field_is_handed_over_as_it_is() -> None:
    """Not copied: a query stays a query, and is asked when the template comes to it."""

    @dataclass(frozen=True)
    class Parts(Screen):
        parts: list[Reason]

    parts = [Reason("a")]
    assert names_of(Parts(parts))["parts"] is parts


def test_two_screens_of_a_page_may_not_hide_each_others_names() -> None:
    with pytest.raises(ValueError, match="reason"):
        names_of(Reason("a"), Other("b"))


def test_what_is_lazy_is_asked_once_and_only_if_it_is_shown() -> None:
    asked = []

    def ask() -> list[str]:
        asked.append(1)
        return ["uno", "due"]

    value = lazily(ask)
    assert asked == []
    assert list(value) == ["uno", "due"]
    assert len(value) == 2
    assert len(asked) == 1


def test_a_screen_becomes_text_outside_of_a_request() -> None:
    @dataclass(frozen=True)
    class Mail(Screen):
        link: str

    assert "https://esempio.it/x" in render_screen_to_string(
        "accounts/mail/password_reset.txt", Mail("https://esempio.it/x")
    )
