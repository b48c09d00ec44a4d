# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever the console takes away, it asks first: in a dialog where the button stands, and on a page without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.urls import Resolver404, resolve

from arengo.core import audit, log_entries
from arengo.core.console.confirming import does_ask
from arengo.core.models import Role
from tests.security.forms_of import FORM, Form, forms
from tests.security.found_forms import forms_of, pages_of
from tests.security.hostile import encoded
from tests.security.town import SAMPLES, Town
from tests.security.visiting import SWEEP, Address, Visitor, addresses

pytestmark = [pytest.mark.django_db, *SWEEP]

# What the log says of an action: the first word of its verb. An action that takes something away asks.
TAKES_AWAY = {
    "archived",
    "discarded",
    "dropped",
    "erased",
    "objected",
    "removed",
    "reset",
    "revoked",
    "stopped",
    "undid",
    "unlinked",
    "unsubscribed",
    "withdrew",
}
# A press undoes them, or they add.
LEAVES = {
    "accepted",
    "acknowledged",
    "added",
    "approved",
    "asked",
    "assigned",
    "block",  # its end, written down
    "blocked",  # behind a page of its own, and «Sblocca»
    "changed",
    "checked",
    "chose",
    "closed",  # «Riapri»
    "corrected",  # asks all the same
    "counted",  # asks all the same
    "created",
    "declined",  # it can be asked again
    "drafted",
    "duplicated",
    "ended",
    "erasure",  # that it waits
    "downloaded",
    "exported",
    "factor",
    "gave",
    "handed",
    "hold",  # its end, written down
    "imported",
    "invited",
    "kept",
    "lengthened",
    "lapsed",
    "left",  # «Rimetti nella lista»
    "linked",
    "listed",
    "lost",  # by Arengo itself: a poll without its key
    "made",
    "merged",
    "moved",
    "noted",
    "notice",
    "opened",
    "placed",
    "planned",
    "organization",
    "preferred",
    "prolonged",
    "proved",
    "published",  # behind a page of its own (newsroom:send)
    "put",
    "read",
    "redirected",
    "released",
    "renewed",
    "recorded",
    "reopened",
    "replayed",
    "required",
    "restored",
    "resumed",
    "retried",
    "second",
    "sent",
    "set",
    "shared",
    "shortened",  # behind a page that says how much goes, and «Lascia» for three days
    "sign",
    "signed",
    "subscribed",
    "switched",
    "synced",
    "took",
    "tried",
    "unblocked",  # asks all the same
    "undone",
    "unplanned",  # the draft stays, and can be planned again
    "unknown",
    "uploaded",
    "used",
    "voided",  # by a change, which asks for another yes
    "waived",
    "warned",
}
TAKES_AWAY_TOO = {"accounts.renewed_access"}  # the password of until now
# allauth's pages: a GET is the question.
PAGES_THAT_ASK = {"mfa_deactivate_totp", "mfa_remove_webauthn", "mfa_generate_recovery_codes"}
# Rows that come and go with every request.
_BOOKKEEPING = {"django_session", "core_attempt"}
# Less rows in them is what an action that gives back looks like.
_WAITING = {"audience_unreached_miss", "delivery_outbox", "intake_gap"}
# Ticked by name («togli: modulo.pdf»), and only then saved.
_TICKED = {"desk_replies_replyfile"}


def takes_away(verb: str) -> bool:
    return verb in TAKES_AWAY_TOO or _first_word(verb) in TAKES_AWAY


def _first_word(verb: str) -> str:
    return verb.partition(".")[2].partition("_")[0]


def asks(path: str) -> bool:
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return False
    return does_ask(match.func) or match.url_name in PAGES_THAT_ASK


def test_each_verb_of_the_log_says_whether_it_takes_something_away() -> None:
    """A new one is put into one of the sets above."""
    known = {_first_word(verb) for verb in log_entries.known_verbs()}
    assert known - TAKES_AWAY - LEAVES == set()
    assert set() == TAKES_AWAY & LEAVES


@contextmanager
def noticed() -> Iterator[set[str]]:
    """What is taken away within: verbs of the log, and tables that have fewer rows."""
    found: set[str] = set()
    record = audit.record

    def recorded(verb: str, **more: Any) -> Any:
        if takes_away(verb):
            found.add(verb)
        return record(verb, **more)

    before = _lost()
    with patch.object(audit, "record", recorded):
        yield found
    after = _lost()
    found.update(table for table, rows in after.items() if rows > before.get(table, 0))
    found.difference_update(_BOOKKEEPING | _WAITING | _TICKED)


def _lost() -> dict[str, int]:
    """Table → rows deleted in this transaction beyond those inserted, undone ones too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_del - n_tup_ins FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


@pytest.fixture(scope="module")
def taken(towns: tuple[Town, Town]) -> dict[str, set[str]]:
    """Address of a form → what is taken away when it is sent as it stands."""
    found: dict[str, set[str]] = {}
    for role in (Role.ADMINISTRATOR, Role.EDITOR, Role.OPERATOR):
        visitor, on_pages = forms_of(towns[0], role)
        for form in on_pages:
            if form.method == "POST":
                with noticed() as gone:
                    visitor.ask("POST", form.action, encoded(form.fields), content_type=FORM)
                found.setdefault(form.action, set()).update(gone)
    return found


def test_what_is_taken_away_is_asked_first(taken: dict[str, set[str]]) -> None:
    assert {action: gone for action, gone in taken.items() if gone and not asks(action)} == {}


def test_the_sweep_takes_things_away(taken: dict[str, set[str]]) -> None:
    """Else it would look at nothing."""
    gone = set().union(*taken.values())
    assert gone >= {
        "delivery.removed_price",
        "delivery_price",
        "channel.withdrew",
        "newsroom.discarded",
        "core.removed_member",
        "accounts.revoked_invitation",
    }


class _Direct(HTMLParser):
    """The actions of POST forms that stand in no dialog."""

    def __init__(self) -> None:
        super().__init__()
        self.actions: list[str] = []
        self._dialogs = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "dialog":
            self._dialogs += 1
        elif not self._dialogs and tag == "form" and given.get("method", "").lower() == "post":
            self.actions.append(given.get("action", ""))
        elif not self._dialogs and "formaction" in given:
            self.actions.append(given["formaction"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "dialog":
            self._dialogs -= 1


def _asking() -> list[Address]:
    return [each for each in addresses() if does_ask(resolve(each.path(1)).func)]


def test_no_page_takes_away_by_one_press(towns: tuple[Town, Town]) -> None:
    """A form that leads to what takes away stands in a dialog, or on the page that asks."""
    direct = []
    for page in pages_of(towns[0], Role.ADMINISTRATOR)[1]:
        if page.status == 200:
            reader = _Direct()
            reader.feed(page.html)
            direct += [
                (page.path, action)
                for action in reader.actions
                if action and asks(action) and action != page.path
            ]
    assert [(path, action) for path, action in direct if not _may_be_renewed(action)] == []


def _may_be_renewed(action: str) -> bool:
    """A template that cannot be sent loses nothing when it is presented again."""
    return resolve(action).url_name == "template_renew"


def test_each_question_is_a_page_that_leads_back(towns: tuple[Town, Town]) -> None:
    ours, theirs = towns
    visitor = Visitor(ours.host, ours.people[Role.ADMINISTRATOR])
    stranger = Visitor(ours.host, theirs.people[Role.ADMINISTRATOR])
    shown = set()
    asking = _asking()
    for address in asking:
        for pk in SAMPLES if address.ids else [0]:
            path = address.path(pk)
            answer: Any = visitor.ask("GET", path)
            assert stranger.ask("GET", path).status_code == 404
            if answer.status_code != 200:
                continue
            page = answer.content.decode()
            # A form that only reads chooses what goes into which; the question is on the next page.
            assert [form.method for form in _forms_to(path, page)] in (["POST"], ["GET"])
            assert 'class="btn btn-quiet" href="/console/' in page
            shown.add(address.route)
    assert {address.route for address in asking} - shown == set()
    assert len(shown) >= 14


def _forms_to(path: str, page: str) -> list[Form]:
    return [form for form in forms(path, page) if form.action == path]
