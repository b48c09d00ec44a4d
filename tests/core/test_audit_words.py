# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is written into the log has words in both languages, its details too, and its object is named with a link."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import translation

import arengo
from arengo.core import audit, log_entries
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from arengo.desk import handling
from arengo.desk.models import Assignment
from tests.factories.audience import citizen
from tests.factories.desk import make_conversation

Browse = Callable[..., Client]
LOG = "/console/impostazioni/registro/"
_SRC = Path(arengo.__file__).parent
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class _Call:
    node: ast.Call
    within: _Function | None
    path: Path

    @property
    def is_record(self) -> bool:
        return ast.unparse(self.node.func) == "audit.record"

    def is_of(self, function: _Function, path: Path) -> bool:
        """Whether it calls this function of that file: by its name, or by its module's and its own."""
        called = ast.unparse(self.node.func)
        if called == f"{path.stem}.{function.name}":
            return True
        return called == function.name and (self.path == path or (path.stem, called) in _imports(self.path))


@cache
def _imports(path: Path) -> set[tuple[str, str]]:
    return {
        ((node.module or "").rpartition(".")[2], name.asname or name.name)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


@cache
def _calls() -> list[_Call]:
    """Every call in the source, with the function that it stands in."""
    found: list[_Call] = []

    def walk(node: ast.AST, within: _Function | None, path: Path) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                found.append(_Call(child, within, path))
            walk(child, child if isinstance(child, _Function) else within, path)

    for path in sorted(_SRC.rglob("*.py")):
        walk(ast.parse(path.read_text()), None, path)
    return found


def recorded() -> set[str]:
    """The verbs of every ``audit.record`` of the source, also through functions that pass one on."""
    return {verb for call in _calls() if call.is_record for verb in _values(call.node.args[0], call)}


def _values(node: ast.expr, call: _Call) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _values(node.body, call)
        yield from _values(node.orelse, call)
    elif ast.unparse(node) == "f'desk.{action.value}'":
        yield from (f"desk.{action}" for action in Assignment.Action.values)
    elif isinstance(node, ast.Name) and call.within is not None:
        yield from _values_of_name(node.id, call.within, call)
    else:
        pytest.fail(f"This test cannot read which verb is recorded: {ast.unparse(node)}")


def _values_of_name(name: str, within: _Function, call: _Call) -> Iterator[str]:
    given = [
        each.value
        for each in ast.walk(within)
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == name
    ]
    for value in given:
        yield from _values(value, call)
    callers = _callers(within, call.path) if name in _parameters(within) else []
    assert given or callers, f"{call.path.name}: nobody says what {name} is"
    for caller in callers:
        yield from _values(_argument(caller, within, name), caller)


def _parameters(function: _Function) -> list[str]:
    return [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]


def _callers(function: _Function, path: Path) -> list[_Call]:
    return [each for each in _calls() if each.is_of(function, path)]


def _argument(caller: _Call, function: _Function, name: str) -> ast.expr:
    by_name = [each.value for each in caller.node.keywords if each.arg == name]
    return by_name[0] if by_name else caller.node.args[_parameters(function).index(name)]


def recorded_details() -> set[tuple[str, str]]:
    """The room of the verb and the name of each detail that the source records, also through functions that pass them on."""
    return {found for call in _calls() if call.is_record for found in _details(call)}


def _details(call: _Call) -> Iterator[tuple[str, str]]:
    verb = call.node.args[0]
    detail = next((each.value for each in call.node.keywords if each.arg == "detail"), None)
    within = call.within
    if detail is None:
        return
    passed_on = within is not None and within.args.kwarg is not None and within.args.kwarg.arg
    if within is not None and passed_on == ast.unparse(detail):
        for caller in _callers(within, call.path):
            rooms = _rooms(_argument(caller, within, ast.unparse(verb)), caller)
            names = {each.arg for each in caller.node.keywords if each.arg} - {*_parameters(within)}
            yield from product(rooms, names)
        return
    yield from product(_rooms(verb, call), set(_keys(detail, call)))


def _rooms(verb: ast.expr, call: _Call) -> set[str]:
    return {each.partition(".")[0] for each in _values(verb, call)}


def _given_to(name: str, node: ast.AST) -> ast.expr | None:
    """What the statement assigns to the variable; None where it does not."""
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
        return node.value
    if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
        return node.value
    return None


def _keys(node: ast.expr, call: _Call) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for key in node.keys:
            assert isinstance(key, ast.Constant), (
                f"This test cannot read which detail it is: {ast.unparse(node)}"
            )
            yield str(key.value)
    elif isinstance(node, ast.IfExp):
        yield from _keys(node.body, call)
        yield from _keys(node.orelse, call)
    elif isinstance(node, ast.Name) and call.within is not None:
        for each in ast.walk(call.within):
            if (value := _given_to(node.id, each)) is not None:
                yield from _keys(value, call)
            elif isinstance(each, ast.Subscript) and ast.unparse(each.value) == node.id:
                yield ast.literal_eval(each.slice)
    elif not (isinstance(node, ast.Constant) and node.value is None):
        pytest.fail(f"This test cannot read which details are recorded: {ast.unparse(node)}")


def test_the_source_is_read_as_far_as_its_verbs() -> None:
    assert {
        "desk.took",
        "accounts.required_second_factor",
        "accounts.used_recovery_code",
        "intake.replayed",
        "delivery.released_withheld",
    } <= recorded()


def test_every_recorded_verb_has_words() -> None:
    assert recorded() - log_entries.known_verbs().keys() == set()


def test_the_source_is_read_as_far_as_its_details() -> None:
    assert {
        ("accounts", "factor"),  # passed on by a function
        ("accounts", "person"),  # put into it later
        ("delivery", "worked"),
        ("desk", "to"),
        ("newsroom", "only_not_sent"),
        ("newsroom", "recipients"),  # of a variable
    } <= recorded_details()


def test_every_recorded_detail_has_words() -> None:
    known = log_entries.known_details()
    missing = {
        (room, name)
        for room, name in recorded_details()
        if (room, name) not in known and ("core", name) not in known
    }
    assert missing == set()


def test_every_room_that_records_is_in_the_filter() -> None:
    assert {verb.partition(".")[0] for verb in recorded()} == {name for name, _words in log_entries.rooms()}


WORDS = {
    "verbs": log_entries.known_verbs,
    "objects": log_entries.known_objects,
    "details": log_entries.known_details,
    "values": log_entries.known_values,
    "rooms": lambda: dict(log_entries.rooms()),
}


@pytest.mark.parametrize("what", WORDS)
def test_the_words_are_there_in_both_languages(what: str) -> None:
    words = WORDS[what]()
    both = {}
    for key, text in words.items():
        with translation.override("it"):
            italian = str(text)
        with translation.override("en"):
            both[key] = (italian, str(text))
    same = {key for key, (italian, english) in both.items() if italian == english}
    # A post is a post, a passkey a passkey, and no is no.
    assert same <= {"channel.Post", ("accounts", "webauthn"), ("core", "False")}


def test_every_object_that_is_registered_is_a_model() -> None:
    for label in log_entries.known_objects():
        assert apps.get_model(label)._meta.label == label  # Django's own, documented interface


@pytest.mark.django_db
def test_who_took_a_conversation_is_read_as_a_sentence_with_a_link(
    scope: Organization, olga: Person, alice: Person, sender: Sender, browse: Browse
) -> None:
    talk = make_conversation(citizen("Anna Esempio"), sender)
    handling.assign(talk, to=olga, by=alice)
    page = browse(alice).get(LOG).content.decode()
    assert "ha assegnato una conversazione" in page
    assert f'href="/console/sportello/{talk.pk}/"' in page
    assert "conversazione con Anna Esempio" in page
    assert "a: Olga Esempio" in page
    assert "desk." not in page


@pytest.mark.django_db
def test_objects_are_named_in_the_readers_language(
    scope: Organization, alice: Person, sender: Sender, browse: Browse
) -> None:
    audit.record("delivery.resumed", organization=scope, by=alice, on=sender)
    client = browse(alice)
    client.cookies["arengo_language"] = "en"
    page = client.get(LOG).text
    assert f"sender {sender.name}" in page
    assert "mittente" not in page


@pytest.mark.django_db
def test_what_is_gone_keeps_its_word_without_a_link(
    scope: Organization, alice: Person, sender: Sender, browse: Browse
) -> None:
    entry = audit.record("delivery.resumed", organization=scope, by=alice, on=sender)
    AuditEntry.objects.create(
        organization=scope,
        verb="delivery.resumed",
        object_type=entry.object_type,
        object_id="987654",
        detail={},
    )
    page = browse(alice).get(LOG).content.decode()
    assert f'href="/console/impostazioni/mittenti/{sender.pk}/"' in page
    assert "mittente 987654" in page
    assert "mittenti/987654/" not in page
