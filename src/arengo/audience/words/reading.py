# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a message: does it ask to leave the list, or to join it, in whatever words?

A message is a request when every word of it is accounted for: words of requests, of the list, and such as mean nothing of their own. With
words that nobody knows it is one only if a part of it, between two points or commas, says the whole by itself, and nothing else speaks
of another matter, asks a question or reports what somebody said. All the rest is left to people: what comes near to a request is marked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from arengo.audience.words.clauses import JOINS, LEAVES, ME_WORDS, Clause, Word
from arengo.audience.words.folding import words_of
from arengo.audience.words.forms import Class, Kinds, key
from arengo.audience.words.vocabulary import named, vocabulary

_BOUNDARY = re.compile(r"([.,;:!?…\n()\[\]/|]+|\s[-–—]\s|\s(?:ma|però|pero)\s)", re.IGNORECASE)
_REWRITTEN = (  # of several words, one; of a dialect, the language
    (re.compile(r"\+"), " più "),
    (re.compile("protezione civile", re.IGNORECASE), "protezionecivile"),
    (re.compile(r"\b(?:chiaro|capito|intesi|ok|va bene)\s*\?+", re.IGNORECASE), "."),
    (re.compile(r"\bun (?=(?:mi|ne|lo|la|li|le|vi|ci|me)\b)", re.IGNORECASE), "non "),
    (re.compile(r"\bsign (?:me )?up\b", re.IGNORECASE), "iscrivimi"),
    (re.compile(r"\btake (?:me|my number) off\b", re.IGNORECASE), "cancellami"),
    (re.compile(r"\bne\b(.*)\b(?:plus|pas)\b"), r" non \1 più "),
)
_TELLING = (
    LEAVES
    | JOINS
    | Class.SEND
    | Class.SEND_ME
    | Class.NOT
    | Class.NOTHING
    | Class.CARE
    | Class.WANT
    | Class.ALSO
    | Class.MAY
)
# OSA takes «cancello» for «cancella», so: only long words, in messages of few, and only such as nobody knows (facts of 2026-11, 3.1).
_FEW, _LONG, _ALIKE = 3, 9, 0.85
_SPACED = 4  # words that may be one, written apart: «dis attiva»
_BARE, _DIVIDE = named("bare"), named("divide")
_OF_LISTS = ("disattiva", "disattivate", "disiscrivi", "disiscrivete")
_ABOUT_IT = ("puo", "possono", "fa", "deve", "devono", "esce")  # «si può», «come si fa»


class Verdict(Enum):
    LEAVE = "leave"
    JOIN = "join"
    NEARLY_LEAVE = "nearly leave"
    NEARLY_JOIN = "nearly join"


def read(text: str, known: Collection[str] = ()) -> Verdict | None:
    """``known``: words of the organization (its name, its topics), folded: they mean nothing of their own."""
    for pattern, instead in _REWRITTEN:
        text = pattern.sub(instead, text)
    clauses = _clauses(text, known)
    whole = Clause([word for clause in clauses for word in clause.words], "?" in text)
    if len(whole.words) <= _FEW:
        clauses = [Clause([_mended(word) for word in clause.words], clause.asked) for clause in clauses]
        whole = Clause([word for clause in clauses for word in clause.words], whole.asked)
    if _is_spaced(whole):
        return Verdict.LEAVE
    if not whole.has(_TELLING | Class.LIST):
        return None
    found = _plainly(whole, clauses)
    if found is None and not _wonders(whole, clauses):
        found = _in_parts(whole, clauses)
    return found or _nearly(whole)


def _plainly(whole: Clause, clauses: Sequence[Clause]) -> Verdict | None:
    """An imperative that leaves nothing open, whatever stands beside it."""
    texts = [word.text for word in whole.words]
    if whole.has(Class.SEND) and texts[-3:] == ["non", "a", "me"]:
        return Verdict.LEAVE
    if not whole.has(Class.FOREIGN | Class.REPORT):
        if any(clause.commands() and (clause.is_known or clause.is_meant()) for clause in clauses):
            return Verdict.LEAVE
        last = clauses[-1]
        bare = last.says(*_BARE) and all(word.text in _BARE or Class.FILL in word for word in last.words)
        may = whole.says("numero") and whole.says("mio", "lista") and ("si", "puo") in pairwise(texts)
        # «…, disattivatelo»: what, was said before.
        said = whole.has(Class.LIST | Class.JOIN_DONE) or whole.says("numero")
        asks_it = Class.LEAVE | Class.FILL | Class.WANT | Class.MAY
        bare |= said and last.has(Class.LEAVE) and all(asks_it in word for word in last.words)
        bare |= (
            said and last.has(Class.NOT) and last.has(Class.CARE) and last.has(Class.MORE) and last.is_known
        )
        bare = bare and (last.says(*_OF_LISTS) or said or whole.has(Class.THING | JOINS))
        if (bare and not whole.asked) or (may and whole.leaves()):
            return Verdict.LEAVE
    if whole.asked or any(clause.commands() for clause in clauses):
        return None
    joining = [clause for clause in clauses if clause.commands_joining()]
    refused = any(clause.refuses_list() and not clause.has(Class.JOIN_ME) for clause in clauses)
    if (
        joining
        and not any(clause.has(Class.FOREIGN) for clause in joining)
        and (not refused or whole.says("perdere"))
    ):
        return Verdict.JOIN
    return None


def _wonders(whole: Clause, clauses: Sequence[Clause]) -> bool:
    """Whether it asks about the list instead of asking for something."""
    texts = [word.text for word in whole.words]
    if any(one == "si" and other in _ABOUT_IT for one, other in pairwise(texts)):
        return True
    if any(clause.is_firm() and not clause.has(Class.ASK) and not clause.asked for clause in clauses):
        return False
    doubt = not whole.is_polite() or not whole.is_known or whole.says("se", "solo")
    return whole.has(Class.ASK) or (whole.asked and doubt)


def _in_parts(whole: Clause, clauses: Sequence[Clause]) -> Verdict | None:
    """A request in any form: of the whole where every word is known, else of a part that says it all."""
    foreign, told = whole.has(Class.FOREIGN), whole.has(Class.REPORT)
    sure = not foreign and whole.is_known
    if not whole.asked and not told and not whole.has(Class.ASK):
        meant = (clause for clause in clauses if clause.is_meant(reasoned=foreign))
        if any(not foreign or clause.has(Class.LEAVE_ME) for clause in meant):
            return Verdict.LEAVE
    if sure:
        said = list(clauses)
    elif not foreign:
        said = list(_parts(clauses, ends=True))
    else:
        firm = [part for part in _parts(clauses, ends=False) if part.is_firm() or part.refuses_list()]
        said = (
            []
            if told or (whole.asked and not any(clause.is_firm() and not clause.asked for clause in clauses))
            else firm
        )
    if any(part.leaves() and (sure or part.is_firm() or part.refuses_firmly()) for part in said):
        return Verdict.LEAVE
    if any(part.joins() and (sure or part.is_firm_join()) for part in said) and not any(
        clause.leaves() for clause in clauses
    ):
        return Verdict.JOIN
    return None


def _parts(clauses: Sequence[Clause], *, ends: bool) -> Iterator[Clause]:
    """Those without an unknown word; of longer ones the pieces that «quindi», «ma», «perché» divide.

    ``ends``: also what is said last, after a word that nobody knows.
    """
    for clause in clauses:
        if clause.is_known:
            yield clause
            continue
        if ends:
            unknown = [place for place, word in enumerate(clause.words) if not word.kind]
            last = Clause(clause.words[unknown[-1] + 1 :])
            denied = any(Class.NOT in word for word in clause.words[max(unknown[-1] - 2, 0) : unknown[-1]])
            if last.is_firm() and not denied:
                yield last
        piece: list[Word] = []
        for word in [*clause.words, Word("quindi", Class.FILL)]:
            if word.text not in _DIVIDE:
                piece.append(word)
                continue
            if piece and all(each.kind for each in piece):
                yield Clause(piece)
            piece = []


def _nearly(whole: Clause) -> Verdict | None:
    foreign = whole.has(Class.FOREIGN)
    if whole.has(Class.LEAVE_ME) and (whole.has(Class.LIST) or not foreign):
        return Verdict.NEARLY_LEAVE
    if foreign:
        return None
    about = whole.has(Class.LIST | Class.ME | Class.JOIN_DONE)
    unwanted = whole.has(Class.NOT) and whole.has(Class.CARE) and about
    if len(whole.words) <= 2 and whole.has(Class.LEAVE):
        return Verdict.NEARLY_LEAVE
    if whole.refuses() or unwanted or (whole.has(LEAVES) and about):
        return Verdict.NEARLY_LEAVE
    return Verdict.NEARLY_JOIN if whole.has(Class.JOIN_ME) or (whole.has(JOINS) and about) else None


# --- words ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, Kinds]:
    return vocabulary()


def kinds_of(word: str) -> Kinds:
    """All that a bare word can be; nothing for one that nobody knows."""
    return _vocabulary().get(key(word), 0)


@lru_cache(maxsize=1)
def _long_forms() -> list[str]:
    """Leaving first: of two that are as near, the first counts."""
    long = {form: kind for form, kind in _vocabulary().items() if len(form) >= _LONG - 1}
    leaving = [
        form for form, kind in long.items() if kind & (Class.LEAVE_ME | Class.LEAVE | Class.LEAVE_NOUN)
    ]
    others = Class.JOIN_ME | Class.JOIN | Class.JOIN_NOUN | Class.SEND_ME
    return [*leaving, *(form for form, kind in long.items() if kind & others and form not in set(leaving))]


def _mended(word: Word) -> Word:
    """A long word that nobody knows, as the one that it is nearly."""
    if word.kind or len(word.text) < _LONG:
        return word
    found = process.extractOne(
        key(word.text), _long_forms(), scorer=OSA.normalized_similarity, score_cutoff=_ALIKE
    )
    return word if found is None else Word(word.text, _vocabulary()[found[0]])


def _is_spaced(whole: Clause) -> bool:
    if not 1 < len(whole.words) <= _SPACED:
        return False
    joined = key("".join(word.text for word in whole.words))
    return bool(_vocabulary().get(joined, 0) & (Class.LEAVE_ME | Class.LEAVE | Class.STOP))


def _clauses(text: str, known: Collection[str]) -> list[Clause]:
    pieces = [*_BOUNDARY.split(text), ""]
    found = (_clause(part, known, "?" in end) for part, end in zip(pieces[::2], pieces[1::2], strict=True))
    return [clause for clause in found if clause.words]


def _clause(part: str, known: Collection[str], asked: bool) -> Clause:
    words: list[Word] = []
    named = 0  # how many words may still be the name of a place
    said = words_of(part)
    for at, text in enumerate(said, 1):
        before = words[-1].text if words else ""
        ours = text in known or text.isdigit()
        kind = (
            Class.FILL if ours or (text == "of" and at < len(said)) else _vocabulary().get(key(text), 0)
        )  # no «off»
        if named and (not kind or kind & Class.FOREIGN):
            kind = Class.FILL
        if (before, text) in (
            ("quanto", "prima"),
            ("come", "da"),
            ("come", "oggetto"),
            ("come", "richiesto"),
            ("come", "sopra"),
        ):
            words[-1] = Word(before, Class.FILL)
        words.append(Word(text, _in_context(text, before, kind, asked)))
        named = 3 if kind & Class.PLACE else max(named - 1, 0)
    return Clause(words, asked)


def _in_context(text: str, before: str, kind: Kinds, asked: bool) -> Kinds:
    """Of a word that is several, the one that it is after ``before``."""
    if text == "cosa" and before in ("sta", "questa", "quella", "tale"):
        return kind & ~Class.ASK
    if kind & Class.LEAVE_FIRST and before in ME_WORDS:  # «mi cancello»: no gate
        return kind & ~Class.FOREIGN
    if (
        (text == "perche" and before and not asked)
        or (text == "quando" and before == "da")
        or text in ("no", "sie")
    ):
        return Class.FILL
    if kind & Class.ERROR and before in ("numero", "chat"):
        return Class.FILL
    return Class.FILL if kind & Class.REPORT and before in ("ho", "avevo", "abbiamo", "gia") else kind
