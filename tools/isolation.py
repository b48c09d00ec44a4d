# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make lint`: foreign text in templates cannot turn round what stands beside it. Exit code 1 with a list of what can.

Foreign is whatever a template puts out and is not known to be ours: a number, an address, a time, a sentence of the
program (:data:`OURS`, :data:`_OURS_BY_FILTER`). A name that is new here is foreign until it is listed.

- In text it stands in ``<bdi>`` or alone in an element with ``dir="auto"``, or goes through ``|bdi``, ``|isolated`` or
  ``|file_name``. Where no element can stand (``<title>``, ``<option>``, mails) only ``dir="auto"`` or ``|isolated`` will do.
- In an attribute that people read it is the whole value, or goes through ``|isolated``.
- In a translated sentence it goes through ``|bdi`` or ``|isolated``; with ``asvar``, which may end in an attribute, through
  ``|isolated``.
- Given to a partial under a name that is ours there, it goes through ``|isolated``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from django.utils.text import smart_split

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "arengo"

_TOKEN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_RAW = {"title", "option", "textarea", "script", "style"}  # no element can stand in them
_RAW_BLOCKS = {
    "title",
    "head_title",
    "description",
}  # what fills them stands in such an element or in an attribute
_MACHINERY = {"field", "form", "limit", "size", "version", "message"}  # names of partials that take no words
_READ = {
    "title",
    "alt",
    "aria-label",
    "aria-description",
    "placeholder",
    "content",
    "label",
    "summary",
    "data-label",
}
_TYPED_IN = {"text", "search"}  # types of inputs that show words
_ISOLATING = {"isolated", "bdi", "file_name"}
_OURS_BY_FILTER = {
    "intcomma", "unlocalize", "localize", "date", "time", "named", "filesizeformat", "duration", "money", "stringformat",
    "length", "urlencode", "slugify", "yesno", "role_names", "as_json", "add", "pluralize", "safe", "words_at", "json_script",
}  # fmt: skip
_COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
_WORDS = re.compile(r"[^\W_]")
_MARK = re.compile("\ue000([0-9]+)\ue001")
_SAID = re.compile(
    r"\{%\s*(?:translate|trans|url|static)\s[^%]*?\sas\s+(\w+)\s*%\}|\{%\s*blocktranslate[^%]*?\sasvar\s+(\w+)"
)
_OUTPUT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

# What the program itself says: whole names, and after a dot the ends of names. Sentences are isolated where they are made.
OURS: frozenset[str] = frozenset({
    "pane.label", "way.label", "change.label", "passage.label", "form.born_as", ".version.number", ".taken_from", "each.about",
    "part.words", "yes_words", ".web_address", ".get_answer_display",
    "rule.words", "rule.after", "rule.kept", "rule.coming", "rule.next.written", "changing.rule.words", "changing.rule.kept",
    "changing.words", "changing.more.written", "stays.words", "stays.after", "stays.kept", "stays.because", "hold_count",
    "night.going.written", "night.held.written",
    "block.super", "form", ".as_div", "attrs.form", "field", ".as_field_group", ".errors", ".non_field_errors",
    "field.label", "url.label", "form.url.label", "form.topics.label", "form.remove_image.label", "form.outlets.label",
    "box.tag", "redirect_field", "form.kind", "form.version", "form.image_chosen", "form.secret", "attrs.id", "attrs.name",
    "attrs.type", "attrs.value", "attrs.href", "csrf_token", "LANGUAGE_CODE", "forloop.counter", "action", "role",
    ".role_words", "second_factor", "code", ".begins_at", ".ends_at", ".version", "version", "most", "limit", "status",
    "count", ".count", "total", "total_count", "left", "joined", "day.left", "day.joined", ".unread", "panel.window.hours",
    "panel.window.words", "slot.number", "page.number", ".num_pages", "queue.total", "queue.number", "queue.done_today",
    "templates_line.ready", "templates_line.all", "stopped", "panel.most_versions", ".estimated.cost", ".price.written", "sign",
    "link.badge", "link.words", "row.freed", "empty", "listed.empty", "row.when", "row.unread_words", "bubble.clock",
    "bubble.late", "listed.kept", "drawn_row",
    "second.ago", "one.messages", "days",
    "before", "after", "ready", "wrong", "double", "unproved", "listed", "plan.estimated.listed", "listed_now", "out", "done", "first",
    "most_megabytes", "cost_before", "cost_after", "currency", "minutes_before", "minutes_after", "kind.many", "step.name", "step.number",
    "batch.total", "batch.joined", "batch.listed", "batch.left_out", "batch.taken_back", "batch.stayed", "each.batch.joined",
    ".get_state_display",
    "link", ".link", "address", "channel_address", "tab.badge", "title", "text", "intro", "label", "caption", "error", "panel.error",
    "subject",
    "what", "words", "message", "reason", "placeholder", "action_label", "button_label", "confirm_label", "stop_label", "save_label",
    ".meaning", ".remedy", "tab.label", "entry.label", "link.label", "group.label", "figure.label", "figure.value", "figure.note",
    "panel.title", "part.title", "part.empty", "card.title", ".card.title", ".card.text", "banner.title", "banner.text",
    "banner.short", "trouble.title", "told.words", "each.words", ".file.words", ".obstacle.words", "problem.words",
    ".state.words", ".status.words", ".link.words", "line.words", ".words.name", ".words.shown", ".words.on",
    "plan.preview.platform", "row.platform", "row.only", "ready.only", "ready.where", "ready.press", "ready.free",
    "ready.elsewhere", "word.term", ".placement.outlet", "told.details", "progress.text", "panel.routing.refused_words", "bubble.why",
    "bubble.no_content", ".reaction_problem", "panel.offer.obstacle", "alternative.description", ".get_kind_display",
    ".get_end_display", "line.wrote", "line.evidence", "line.sent", "which.label", "step.title", "one.kind_words",
    ".get_source_display", ".get_action_display", ".get_answer_withheld_display", ".get_reason_display",
    "one.missed", "one.total", "one.miss.times", "one.miss.invalid", "missed", "kept_back", "rule.kept_back", "most_a_day",
    "rule.invalid_after", "rule.unreached_after", "found.listed", "found.stopped", "found.only_ask", "found.lately_joined",
    "found.lately_left", "net", "mark.number", "mark.joined", "mark.left", "choice.words", "step.joined", "step.left",
    "step.total", "line.many", "line.gained", "line.said", "label.said", "sign.number", "ways_sum", "reasons_sum",
    "span_words", "beside", "moved_in", "listed.older", "drawing.end.said",
    "now.words", "now.more", "now.again",
    ".state.more", ".state.again", "day.words", "day.usual", "each.day.day", "each.today", "each.when", "each.label", "each.what",
    "tab.days", "month.name", "row.label", "row.problem", "sentence", "desk.sentence", "icon.second",
    "day.weekday_name", "day.day", "part.day", "header_topics",
    "header_triggers", "row.opens", "row.closes", "trial.clock", "week.changed_words", "each.weekday_name",
    # Pieces of a text stand within the dir="auto" or <bdi> of who includes them.
    "piece.text", ".used", "taken", "line.number", "line.problem", "problem", "columns", "overdue", "variable.name", "variable.words",
    "table", "topic_lines", "quarter_lines", "head", "sort.add", "sort.another", "sort.remove",
    "one.frequency", "frequency.label",
    "line.season", "line.moved", "line.cost", ".get_way_display",
    "most_files", "asked.narrowings", "kind.label", "period.label", "select.label", "order.label",
    "preview.place", "preview.many", "line.other",
    "part.platform", "part.typed", "said", "refused", ".refused", ".amounts", "goes.consents", ".get_right_display",
    ".get_check_way_display", "wrote", "everybody", "panel.minutes", "part.minutes", "late", "notice", "addresses", "form.code.label",
    ".kind_words", ".which.empty", "listed.filters", "listed.waiting", "desk.order", "promise_form", "group.title",
    "row.wait.words", "row.wait.spoken",
    "row.deadline.words", "row.mark",
    "result.until", "result.heading", "heard.left", "heard.fewest", "share.percent", "each.votes", "each.percent",
    "fingerprint", "signature", "key_text",
    "results.problem", "results.heading", "results.hint", "hit.more",
    # Figures: numbers and times, and the words of our own tables.
    "step.words", "missing", ".chart.svg", ".chart.table", ".chart.title", ".half", ".nine", ".begun", ".received", ".sent",
    ".failed", ".unanswered", "first_before", "closed_before", "begun_change.before", "begun_change.percent", "table.title",
    "outside", "row.weekday", "cell.said", ".first.of", ".closed.of", "settled_after", "who.share", "who.rest", "who.only_asking",
    "who.subscribed", "who.listed", "who.of_list",
    # What became of an update, and what it cost: our sentences and sums.
    "headline", "outlet_name", "found.reason", "found.obstacle", "found.most", "found.attempt", "one.number", "objection.words",
    "objection.mend", "share.now", "share.change", "share.fewer", "effect.spent", "effect.estimated", "effect.hours",
    "effect.usual_left", "effect.compared", "budget.written", ".get_beyond_display", "budget_bar.spent", "budget_bar.committed",
    "budget_bar.left", "line.kind", "line.estimated", "spent.words", "line.spent.words", "whole.words", "digests.sends",
    "digests.were", "digests.money", "each.costs", "price.label", "price.price", "month.words", "month.over", "figures.spent",
})  # fmt: skip


@dataclass(frozen=True)
class Found:
    line: int
    words: str


@dataclass(frozen=True)
class _Element:
    name: str
    isolates: bool


def is_foreign(expression: str) -> bool:
    """Whether what it puts out may have been written by somebody else."""
    value, *filters = _split(expression)
    names = [value]
    for each in filters:
        name, _, argument = each.partition(":")
        if name in _ISOLATING or name in _OURS_BY_FILTER:
            return False
        if name in {"default", "default_if_none"}:
            names.append(argument)
    return any(_is_foreign_name(name) for name in names)


def _is_foreign_name(name: str) -> bool:
    if not name or name[0] in "\"'_-0123456789":  # literals, and _("…")
        return False
    return name not in OURS and not any(name[at:] in OURS for at, sign in enumerate(name) if sign == ".")


def _split(expression: str) -> list[str]:
    """The value and its filters."""
    parts, quote, part = [], "", ""
    for sign in expression.strip():
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "|":
            parts.append(part)
            part = ""
            continue
        part += sign
    return [*parts, part]


def _filters(expression: str) -> set[str]:
    return {each.partition(":")[0] for each in _split(expression)[1:]}


class _Reader(HTMLParser):
    """Goes through a template once. Tags of Django are put away behind marks, so that what is left is HTML."""

    def __init__(self, source: str, *, html: bool) -> None:
        super().__init__()
        self.found: list[Found] = []
        self._html = html
        self._tokens: list[tuple[str, int]] = []
        self._elements: list[_Element] = []
        self._bindings: dict[str, str] = {}
        self._sentence: str | None = None  # the tag that began a translation, while within one
        self._blocks: list[str] = []
        self._said = {
            name for names in _SAID.findall(source) for name in names if name
        }  # variables that hold translations and addresses of this template
        marked = _TOKEN.sub(self._put_away, _COMMENT.sub(_only_lines, source))
        if html:
            self.feed(marked)
            self.close()
        else:
            self.handle_data(marked)

    def _put_away(self, token: re.Match[str]) -> str:
        self._tokens.append((token.group(), token.string.count("\n", 0, token.start()) + 1))
        return f"\ue000{len(self._tokens) - 1}\ue001"

    # --- HTML ---

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in attrs:
            if "<bdi>" in (value or ""):
                self._say(self.getpos()[0], f"<bdi> in {name}")
            for line, output in self._outputs(f"{name} {value or ''}"):
                is_whole = self._sentence is None and not _MARK.sub("", value or "").strip()
                if (
                    _is_read(tag, name, given)
                    and self._is_foreign(output)
                    and not (is_whole and _may_be_whole(tag, given))
                ):
                    self._say(line, f"{output}: |isolated in {name}")
                elif "bdi" in _filters(output):
                    self._say(line, f"{output}: |isolated, no element can stand in {name}")
        if tag not in _VOID:
            self._elements.append(_Element(tag, tag == "bdi" or given.get("dir") == "auto"))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._elements) - 1, -1, -1):
            if self._elements[at].name == tag:
                del self._elements[at:]
                return

    def handle_data(self, data: str) -> None:
        own_words = _WORDS.search(_MARK.sub("", data)) is not None
        for line, output in self._outputs(data):
            self._judge(line, output, own_words=own_words)

    def _judge(self, line: int, output: str, *, own_words: bool) -> None:
        raw = any(element.name in _RAW for element in self._elements)
        no_element = not self._html or raw or bool(_RAW_BLOCKS & set(self._blocks))
        kept = self._sentence is not None and "asvar" in self._sentence
        inner = self._elements[-1] if self._elements else None
        if "bdi" in _filters(output) and (no_element or kept):
            self._say(line, f"{output}: |isolated, no element can stand here")
        elif not self._is_foreign(output) or (
            self._sentence is None and self._blocks[-1:] == ["description"]
        ):
            return  # a description is a whole attribute
        elif self._sentence is not None:
            if kept or inner is None or inner.name != "bdi":
                self._say(line, f"{output}: {'|isolated' if kept or no_element else '|bdi'} in a sentence")
        elif not any(
            element.isolates and not (no_element and element.name == "bdi") for element in self._elements
        ):
            self._say(line, f"{output}: {'|isolated' if no_element else '<bdi>'}")
        elif own_words and inner is not None and inner.isolates and inner.name != "bdi":
            self._say(line, f"{output}: <bdi>, other words stand beside it")

    def _is_foreign(self, expression: str) -> bool:
        return _split(expression)[0] not in self._said and is_foreign(expression)

    def _say(self, line: int, words: str) -> None:
        self.found.append(Found(line, words))

    # --- Django ---

    def _outputs(self, marked: str) -> Iterator[tuple[int, str]]:
        """Line and expression of each value that is put out; of a translation's, what its name is bound to."""
        for mark in _MARK.finditer(marked):
            token, line = self._tokens[int(mark.group(1))]
            if output := _OUTPUT.fullmatch(token):
                expression = output.group(1).strip()
                yield line, self._bindings.get(expression, expression)
                continue
            name, *rest = list(smart_split(token[2:-2].strip()))
            if name in {"blocktranslate", "blocktrans"}:
                self._bindings, self._sentence = _bound(rest), token
            elif name in {"endblocktranslate", "endblocktrans"}:
                self._bindings, self._sentence = {}, None
            elif name in {"include", "with"}:
                for target, value in _bound(rest).items():
                    if target not in _MACHINERY and not _is_foreign_name(target) and self._is_foreign(value):
                        self._say(line, f"{target}={value}: |isolated")
            elif name == "block":
                self._blocks.append(rest[0])
            elif name == "endblock" and self._blocks:
                self._blocks.pop()
            elif name == "firstof" and "as" not in rest:
                yield from ((line, value) for value in rest)


def _is_read(tag: str, attribute: str, given: dict[str, str]) -> bool:
    """Whether people read what the attribute says."""
    return attribute in _READ or (
        attribute == "value" and tag == "input" and given.get("type", "text") in _TYPED_IN
    )


def _may_be_whole(tag: str, given: dict[str, str]) -> bool:
    """Whether a foreign value may be all that an attribute says: a box to type in follows the direction of its words."""
    return tag != "input" or given.get("dir") == "auto"


def _bound(rest: list[str]) -> dict[str, str]:
    """``a=b`` and ``b as a`` of a tag."""
    bound = dict(each.split("=", 1) for each in rest if "=" in each and each[0] not in "\"'")
    for at, each in enumerate(rest):
        if each == "as" and 0 < at < len(rest) - 1:
            bound[rest[at + 1]] = rest[at - 1]
    return bound


def _only_lines(text: re.Match[str]) -> str:
    return "\n" * text.group().count("\n")


def problems(source: str, *, html: bool = True) -> list[Found]:
    """What in this template is foreign and not isolated. ``html`` is False for mails and other plain text."""
    return _Reader(source, html=html).found


def templates() -> Iterator[Path]:
    for folder in SOURCE.rglob("templates"):
        if folder.is_dir() and (folder / "__init__.py").exists() is False:
            yield from (path for path in folder.rglob("*") if path.suffix in {".html", ".txt"})


def main() -> int:
    found = [
        f"{path.relative_to(ROOT)}:{each.line}: {each.words}"
        for path in sorted(templates())
        for each in problems(path.read_text(encoding="utf-8"), html=path.suffix == ".html")
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
