# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the composer asks for: what can be inserted, what might be useful, a file; and that something was inserted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import WRITE, membership_of, person_of, staff
from arengo.core.folding import fold
from arengo.core.models import Role
from arengo.core.sending_files import file_response
from arengo.desk.desks import desks_of
from arengo.desk.models import Conversation
from arengo.desk.replies import insertions
from arengo.desk.replies.insertions import SHOWN, Insertion
from arengo.desk.replies.models import ReplyFile
from arengo.desk.search.marks import Marker, Piece, stems
from arengo.desk.search.query import read

_LONGEST_WORDS = 60  # characters after the "/"
_SUGGESTED = 3
_MOST_SAID = 5  # of the citizen's last messages
_SANDBOX = "sandbox; default-src 'none'"


class Option(msgspec.Struct, frozen=True):
    """One thing to insert, as the page shows it: pieces are (text, marked)."""

    key: str
    title: Sequence[tuple[str, bool]]
    excerpt: Sequence[tuple[str, bool]]
    meta: str
    text: str
    blanks: Sequence[str]
    files: Sequence[insertions.InsertedFile]
    checked: str
    overdue: str


class Options(msgspec.Struct, frozen=True):
    """``said``: how many there are, in words, for the eye and the ear."""

    said: str
    options: Sequence[Option]


def _conversation(request: HttpRequest, pk: int) -> Conversation:
    found: Conversation = get_object_or_404(
        Conversation.objects.select_related("contact", "desk", "organization"),
        pk=pk,
        desk__in=desks_of(membership_of(request)),
    )
    return found


@staff(Role.OPERATOR)
def offered(request: HttpRequest, pk: int) -> HttpResponse:
    """``?q=`` the words after the "/": what has them, eight at most, the best first; the most used without words."""
    conversation = _conversation(request, pk)
    words = outside.text(request.GET.get("q"), most=_LONGEST_WORDS).strip()
    found = insertions.matching(words, insertions.offered(conversation, person_of(request)))
    shown = found[:SHOWN]
    parts = fold(words).split()
    options = [_option(each, _marked(each.title, parts), []) for each in shown]
    return _json(Options(_said(len(found), words), options))


def _said(many: int, words: str) -> str:
    if not many and not words:
        return _("Niente da inserire: le risposte pronte si scrivono nelle impostazioni.")
    if not many:
        return _("Niente da inserire per «%(words)s»") % {"words": words}
    if words:
        return ngettext(
            "%(many)d da inserire per «%(words)s»", "%(many)d da inserire per «%(words)s»", many
        ) % {
            "many": many,
            "words": words,
        }
    return ngettext("%(many)d da inserire", "%(many)d da inserire, prima le più usate", many) % {"many": many}


@staff(Role.OPERATOR)
def suggested(request: HttpRequest, pk: int) -> HttpResponse:
    """Up to three that share words with what the citizen wrote last. They are shown; nothing is inserted by itself."""
    conversation = _conversation(request, pk)
    said = _last_words(conversation)
    wanted = {stem for stem in stems(fold(said).split()).values() if stem}
    among = insertions.offered(conversation, person_of(request)) if wanted else []
    own = stems({word for each in among for word in fold(f"{each.title} {each.topic} {each.text}").split()})
    found = insertions.fitting(wanted, lambda word: own.get(word, ""), among, _SUGGESTED)
    marker = Marker(read(said), [each.text for each in found] + [each.title for each in found])
    options = [
        _option(each, _pairs(marker.whole(each.title)), _pairs(marker.excerpt(each.text))) for each in found
    ]
    many = len(options)
    words = (
        ngettext("%(many)d testo che forse ti serve", "%(many)d testi che forse ti servono", many)
        % {"many": many}
        if many
        else _("Niente che somigli a quello che ha scritto il cittadino.")
    )
    return _json(Options(words, options))


def _last_words(conversation: Conversation) -> str:
    """What the citizen wrote since our last answer, or their last words."""
    latest = (
        conversation.messages.filter(copy=False).order_by("-sent_at", "-pk").values_list("direction", "text")
    )
    texts: list[str] = []
    for direction, text in latest[: 4 * _MOST_SAID]:
        if direction == "out":
            if texts:
                break
            continue
        texts.append(text)
        if len(texts) == _MOST_SAID:
            break
    return " ".join(texts)[:2000]


def _option(one: Insertion, title: Sequence[tuple[str, bool]], excerpt: Sequence[tuple[str, bool]]) -> Option:
    return Option(
        key=one.key,
        title=title,
        excerpt=excerpt,
        meta=" · ".join(one.meta),
        text=one.text,
        blanks=one.blanks,
        files=one.files,
        checked=one.checked,
        overdue=one.overdue,
    )


def _marked(title: str, parts: Collection[str]) -> list[tuple[str, bool]]:
    """The words of a title that begin as what was typed."""
    pieces: list[tuple[str, bool]] = []
    for word in title.split(" "):
        begins = any(each.startswith(part) for part in parts for each in fold(word).split())
        pieces.append((word, begins))
        pieces.append((" ", False))
    return pieces[:-1]


def _pairs(pieces: Sequence[Piece]) -> list[tuple[str, bool]]:
    return [(piece.text, piece.marked) for piece in pieces]


def _json(options: Options) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(options), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


@staff(Role.OPERATOR, methods=WRITE)
def used(request: HttpRequest, key: str) -> HttpResponse:
    """Something was inserted: the most used come first."""
    if not insertions.count_use(key):
        raise Http404
    return HttpResponse(status=204)


@staff(Role.OPERATOR, Role.AUDITOR)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a canned reply; the browser puts it into the composer, or saves it."""
    found: ReplyFile = get_object_or_404(ReplyFile.objects, pk=pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = file_response(request, opened, "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    return response
