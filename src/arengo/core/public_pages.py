# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that are the same for everybody who asks. The web process keeps them in memory (``config/serving/public_door.py``).

A room registers a view with :func:`public_page` and names the models that the view reads. The view gets a request that
holds a host, a path, the query parameters that it names, and the chosen language: no session, no other header. So its
answer cannot hold anything that is meant for one reader.

Triggers of the database say which rows changed (:func:`watch`, in a migration of the room). An answer is dropped when a
table that its view names changed for its organization. A view whose answer changes with time alone says until when it
holds with :func:`valid_until`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from arengo.core import outside
from arengo.core.access import READ, organization_of, refused_method

CHANNEL = "arengo_public"  # of NOTIFY: «<table> <organization id>», or «<table> *» when it was emptied
ORGANIZATIONS, HOSTS = "core_organization", "core_organizationhost"
EVERY_PAGE = frozenset({ORGANIZATIONS, HOSTS})  # read by the middleware and the frame of each page

# What a shared cache in front of us may do (a proxy of the operator's; docs/manuale/proxy.md). Seconds.
SHARED = 1  # without asking again
SHARED_IF_ERROR = 60  # while we do not answer

_MOST_PAGES = 999  # of a paginated list; beyond it the last page is shown, as Django's Paginator does
_PAGE = "page"  # the attribute of a view; see page_of

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class PublicPage:
    """``words``: the answer differs by language. ``parameters``: each known one with what makes its value one of few."""

    tables: frozenset[str]
    words: bool = True
    parameters: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


def public_page(
    *reads: type[models.Model],
    words: bool = True,
    parameters: Mapping[str, Callable[[str], str]] | None = None,
    kept: int = 0,
    everywhere: bool = False,
) -> Callable[[V], V]:
    """Registers a view. ``reads``: the models whose rows it shows; ``kept``: seconds for which a browser need not ask again.

    On a host that is nobody's it is 404 whatever the method, unless it is there ``everywhere``; then 405 for what is not read.

    Of a query only the ``parameters`` reach the view; each is first brought to a normal form ("" leaves it out), so that
    readers who append something to an address share one answer.
    """
    tables = {model._meta.db_table for model in reads}  # noqa: SLF001 - documented by Django
    page = PublicPage(EVERY_PAGE | tables, words, dict(parameters or {}))

    def decorate(view: V) -> V:
        @wraps(view)
        def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not everywhere:
                organization_of(request)
            response = refused_method(request, READ) or view(request, *args, **kwargs)
            if response.status_code == 200:
                response.headers["Cache-Control"] = (
                    f"public, max-age={kept}, s-maxage={SHARED}, stale-if-error={SHARED_IF_ERROR}"
                )
                # The date of the newest entry goes back when that entry is withdrawn: a reader who asks «changed since?»
                # would be told no. The ETag is of the content, and the web process knows since when it is so.
                response.headers.pop("Last-Modified", None)
            return response

        setattr(public, _PAGE, page)
        return public  # type: ignore[return-value]  # same signature

    return decorate


def page_of(view: Callable[..., Any]) -> PublicPage | None:
    """What a view was registered as; None for one that was not."""
    found = getattr(view, _PAGE, None)
    return found if isinstance(found, PublicPage) else None


def page_number(value: str) -> str:
    """A parameter that counts the pages of a list. The first page has the address without it."""
    number = outside.whole(value)
    if number is None or number <= 1:
        return ""
    return str(min(number, _MOST_PAGES))


def flag(value: str) -> str:
    """A parameter that counts by being there."""
    return "1"


# --- until when ---

_moments: ContextVar[list[datetime] | None] = ContextVar("arengo_public_moments", default=None)


@contextmanager
def collecting() -> Iterator[list[datetime]]:
    """Inside, also in threads that are started there: gathers what :func:`valid_until` is told."""
    moments: list[datetime] = []
    token = _moments.set(moments)
    try:
        yield moments
    finally:
        _moments.reset(token)


def is_collecting() -> bool:
    """Whether somebody wants to know until when the answer holds. Ask before a query that serves nothing else."""
    return _moments.get() is not None


def valid_until(moment: datetime | None) -> None:
    """What is being rendered is different from this moment on, although no row changes. None says nothing."""
    moments = _moments.get()
    if moments is not None and moment is not None:
        moments.append(moment)
