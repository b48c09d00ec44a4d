# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address that the resolver knows, and people who open them."""

from __future__ import annotations

import re
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase
from django.template import Context
from django.template.loader_tags import IncludeNode
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from django.utils.safestring import SafeString

from arengo.core.models import Person

# A sweep is one fixture of thousands of requests: a minute, and on a busy machine many.
SWEEP = [pytest.mark.long, pytest.mark.timeout(1200)]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# What stands in an address for a part that is no id.
_WORDS = {
    "kind": "privacy",
    "outlet": "list",
    "form": "svg",
    "uidb36": "1",
    "key": "a-b",
    "preset": "reopen_desk",
    "asked": "buttons",
    "right": "correct",
    "section": "list",
}


@dataclass(frozen=True)
class Address:
    route: str  # as it is written: console/sportello/<id:pk>/
    name: str
    module: str  # where its view is
    template: str
    parts: tuple[str, ...]
    ids: frozenset[str]  # the parts that are rows' numbers

    def path(self, pk: int) -> str:
        values = {part: pk if part in self.ids else _WORDS.get(part, "x") for part in self.parts}
        return "/" + self.template % values

    @property
    def is_console(self) -> bool:
        return self.route.startswith("console/")

    @property
    def is_sign_in(self) -> bool:
        """The ways in, and the account's own pages behind them."""
        return self.route.startswith("console/accesso/")


def addresses() -> list[Address]:
    return sorted(_walk(get_resolver(), "", "", "", {}), key=lambda address: address.route)


def _walk(
    resolver: URLResolver, route: str, regex: str, space: str, converters: dict[str, Any]
) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        own = route + str(pattern.pattern)
        whole = regex + re.sub(r"^\^|\\A", "", pattern.pattern.regex.pattern)
        known = {**converters, **getattr(pattern.pattern, "converters", {})}
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, own, whole, inner, known)
        elif isinstance(pattern, URLPattern):
            template, parts = normalize(whole)[0]
            ids = frozenset(part for part in parts if type(known.get(part)).__name__ == "IdConverter")
            module = getattr(pattern.callback, "__module__", "")
            yield Address(own, space + (pattern.name or ""), module, template, tuple(parts), ids)


# What stands around each page of the console, the same for one person whatever the page: a third of what a page costs.
_FRAME = re.compile(r"arengo/partials/(?:console_(?:header|tabs|banners|footer)|error_help)\.html")
_drawn: ContextVar[dict[str, SafeString] | None] = ContextVar("drawn", default=None)
_draw = IncludeNode.render


def draw_frame_once(node: IncludeNode, context: Context) -> SafeString:
    """In the place of ``IncludeNode.render`` (``conftest.py``): for who asks, the parts of the frame as they were the first time."""
    drawn, name = _drawn.get(), getattr(node.template, "var", None)
    if drawn is None or not isinstance(name, str) or not _FRAME.fullmatch(name):
        return _draw(node, context)
    if name not in drawn:
        drawn[name] = _draw(node, context)
    return drawn[name]


class Visitor:
    """Somebody with a browser. What a request changed is undone, so that the next one meets the same town.

    Pages of the console stand in a frame that is drawn for the first of them, with ``each_frame`` for each.
    """

    def __init__(self, host: str, person: Person | None = None, *, each_frame: bool = False) -> None:
        self.client = Client(raise_request_exception=False, headers={"host": host})
        if person is not None:
            self.client.force_login(person, backend=_BACKEND)
            session = self.client.session  # the password was asked just now: no page asks for it again
            session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
            session.save()
        self._cookies = self.client.cookies.copy()
        cache.clear()  # limits of tries are another test's
        self._frame: dict[str, SafeString] | None = None if each_frame else {}

    def ask(self, method: str, path: str, data: Any = None, **more: Any) -> HttpResponseBase:
        self.client.cookies = self._cookies.copy()
        send = getattr(self.client, method.lower()) if method != "TRACE" else self.client.trace
        token = _drawn.set(self._frame)
        with transaction.atomic():
            answer: HttpResponseBase = send(path, data, **more) if data is not None else send(path, **more)
            transaction.set_rollback(True)
        _drawn.reset(token)
        if answer.streaming and not answer.is_async:
            deque(answer, maxlen=0)  # its file is closed at the end
        return answer


def why(answer: Any) -> str:
    """What a 500 came from, for the list of failures."""
    found = getattr(answer, "exc_info", None)
    if not found:
        return str(answer.status_code)
    last = traceback.extract_tb(found[2])[-1]
    return f"{answer.status_code} {found[0].__name__}: {str(found[1])[:120]} ({last.filename.rsplit('/', 1)[-1]}:{last.lineno})"
