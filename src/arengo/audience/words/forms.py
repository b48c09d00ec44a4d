# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms of Italian verbs with which people ask for something, made from their stems.

A request stands in the imperative (tu, voi, Lei), the infinitive, the first person, or the participle («vorrei essere cancellata»). A
form that holds the person («cancellatemi», «toglierci») says by itself who is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Kinds = int


class Class:
    """What a word can be in a request, as bits: a word may be several (``Kinds``). Plain numbers: a reading compares hundreds."""

    LEAVE_ME = 1 << 0  # cancellatemi
    LEAVE = 1 << 1  # cancellate, cancellare, disiscrivo
    LEAVE_FIRST = 1 << 2  # cancello, cancelli: only after «mi», «ci»: alone they are gates
    LEAVE_DONE = 1 << 3  # cancellato: after «essere»
    LEAVE_NOUN = 1 << 4  # cancellazione
    STOP = 1 << 5  # stop, basta, off
    JOIN_ME = 1 << 6
    JOIN = 1 << 7
    JOIN_FIRST = 1 << 8
    JOIN_DONE = 1 << 9
    JOIN_NOUN = 1 << 10
    START = 1 << 11  # on, start
    GET = 1 << 12  # ricevere, avere, essere informato
    SEND = 1 << 13  # mandate, inviare, scrivete
    SEND_ME = 1 << 14  # mandatemi
    NOT = 1 << 15  # non, no, senza
    MORE = 1 << 16  # più, altro
    NOTHING = 1 << 17  # niente, nulla
    ALSO = 1 << 18  # anche
    ME = 1 << 19  # mi, me, ci, mio
    LIST = 1 << 20  # lista, avvisi, servizio
    THING = 1 << 21  # numero, informazioni: of the list or of anything else
    WANT = 1 << 22  # voglio, vorrei
    MAY = 1 << 23  # potete, è possibile
    CARE = 1 << 24  # mi interessa, mi serve
    BE = 1 << 25  # essere
    PLACE = 1 << 26  # zona, frazione: the next words are its name
    FILL = 1 << 27  # nothing of its own
    ASK = 1 << 28  # come, quando, perché
    REPORT = 1 << 29  # ha detto, ho scritto
    ERROR = 1 << 30  # per sbaglio
    NAME = 1 << 31  # with which somebody signs
    PERSON = 1 << 32  # mia madre
    FOREIGN = 1 << 33  # what else a Comune is asked about


_OTHER_WORDS = frozenset(["leva", "cava", "cassa", "abbandona", "termina", "cessa", "blocca", "mandi"])
ME, IT = ("mi", "ci", "me", "m", "mu", "ce"), ("lo", "la", "li", "le", "si", "ne", "melo", "mela")


@dataclass(frozen=True)
class Verb:
    """``tu``, ``voi``, ``lei``: the imperatives; ``io``: the first person; ``done``: the participle without its last letter."""

    infinitive: str
    tu: str
    voi: str
    lei: str
    io: str
    done: str
    homograph: bool = False  # io, tu, lei are other words too

    def forms(self, me: Kinds, plain: Kinds, first: Kinds, done: Kinds) -> dict[str, Kinds]:
        root = self.infinitive.removesuffix("e")
        shy = first if self.homograph else plain
        stems = (self.tu, self.voi, root, self.lei)
        made: dict[str, Kinds] = {}
        for stem in stems:
            for clitic in ME:
                made[stem + clitic] = me
            for clitic in IT:
                made.setdefault(stem + clitic, plain)
        subjunctive = self.voi.removesuffix("te")
        future = root.removesuffix("ar") + "er" if root.endswith("ar") else root
        ending = {"are": "iate", "ere": "iate", "ire": "iate"}[self.infinitive[-3:]]
        others = (
            self.infinitive,
            root,
            self.voi,
            self.lei.removesuffix("i").removesuffix("a") + ending,
            subjunctive + "ste",
            subjunctive + "ssi",
            *(future + end for end in ("ete", "este", "esti", "ebbe", "ai", "a")),
        )
        for form in others:
            made.setdefault(form, plain)
        made.setdefault(self.tu, first if self.tu in _OTHER_WORDS else plain)
        for form in (self.io, self.lei, self.io.removesuffix("o") + "iamo"):
            made.setdefault(form, shy)
        for last in "oaie":
            made.setdefault(self.done + last, done)
        return made


def _are(stem: str, *, soft: str = "", homograph: bool = False) -> Verb:
    """Of the first conjugation. ``soft``: the stem before i and e («pregh»)."""
    soft = soft or stem
    lei = soft.removesuffix("i") + "i"
    infinitive = stem + "are"
    return Verb(infinitive, stem + "a", stem + "ate", lei, stem + "o", stem + "at", homograph)


def _ere(stem: str, done: str, *, subjunctive: str = "", homograph: bool = False) -> Verb:
    return Verb(
        stem + "ere",
        stem + "i",
        stem + "ete",
        (subjunctive or stem) + "a",
        (subjunctive or stem) + "o",
        done,
        homograph,
    )


LEAVING = (
    _are("cancell", homograph=True),
    _are("scancell"),
    _are("depenn"),
    _are("elimin"),
    _are("disattiv"),
    _are("deattiv"),
    _are("disabilit"),
    _are("disaggiung"),
    _are("annull"),
    _are("cass", homograph=True),
    _are("lev", homograph=True),
    _are("cav", homograph=True),
    _are("stralci"),
    _are("stopp"),
    _are("blocc", soft="blocch", homograph=True),
    _are("revoc", soft="revoch"),
    _are("ritir", homograph=True),
    _are("disabbon"),
    _are("disinteress"),
    _are("abbandon", homograph=True),
    _are("rinunci", homograph=True),
    _are("esoner"),
    _are("termin", homograph=True),
    _are("cess", homograph=True),
    _are("dissoci"),
    _ere("disiscriv", "disiscritt"),
    _ere("deiscriv", "deiscritt"),
    _ere("rimuov", "rimoss"),
    _ere("esclud", "esclus"),
    _ere("sospend", "sospes", homograph=True),
    _ere("interromp", "interrott", homograph=True),
    _ere("reced", "recedut"),
    Verb("togliere", "togli", "togliete", "tolga", "tolgo", "tolt"),
    Verb("disdire", "disdici", "disdite", "disdica", "disdico", "disdett", homograph=True),
    Verb("uscire", "esci", "uscite", "esca", "esco", "uscit", homograph=True),
)
JOINING = (
    _are("attiv", homograph=True),
    _are("riattiv"),
    _are("abilit"),
    _are("registr"),
    _are("segn", homograph=True),
    _are("abbon"),
    _are("associ", homograph=True),
    _are("aggreg"),
    _are("sottoscriv"),
    _are("prenot", homograph=True),
    _ere("iscriv", "iscritt"),
    _ere("riscriv", "riscritt"),
    _ere("reiscriv", "reiscritt"),
    _ere("aggiung", "aggiunt", homograph=True),
    _ere("riaggiung", "riaggiunt"),
    _ere("mett", "mess", homograph=True),
    _ere("rimett", "rimess", homograph=True),
    _ere("includ", "inclus", homograph=True),
    Verb("inserire", "inserisci", "inserite", "inserisca", "inserisco", "inserit"),
    Verb("reinserire", "reinserisci", "reinserite", "reinserisca", "reinserisco", "reinserit"),
    Verb("aderire", "aderisci", "aderite", "aderisca", "aderisco", "aderit", homograph=True),
    Verb("unire", "unisci", "unite", "unisca", "unisco", "unit", homograph=True),
)
SENDING = (
    _are("mand"),
    _are("rimand", homograph=True),
    _are("invi"),
    _are("inoltr"),
    _are("messaggi"),
    _are("contatt"),
    _are("disturb"),
    _are("avvis"),
    _are("inform"),
    _are("aggiorn"),
    _are("notific", soft="notifich"),
    _are("spamm"),
    _ere("scriv", "scritt"),
    _ere("spedisc", "spedit"),
    Verb("spedire", "spedisci", "spedite", "spedisca", "spedisco", "spedit"),
    Verb("rompere", "rompi", "rompete", "rompa", "rompo", "rott"),
)

_TOLD = ("avvisare", "informare", "aggiornare", "contattare", "disturbare", "notificare")
_DOUBLE = re.compile(r"([b-df-hj-np-tv-z])\1+")


def key(word: str) -> str:
    """By which a form is looked up: without double consonants, which people write at random."""
    return _DOUBLE.sub(r"\1", word)


def table() -> dict[str, Kinds]:
    """Every form by its key."""
    found: dict[str, Kinds] = {}
    groups = (
        (LEAVING, (Class.LEAVE_ME, Class.LEAVE, Class.LEAVE_FIRST, Class.LEAVE_DONE)),
        (JOINING, (Class.JOIN_ME, Class.JOIN, Class.JOIN_FIRST, Class.JOIN_DONE)),
        (SENDING, (Class.SEND_ME, Class.SEND, Class.SEND, Class.GET)),
    )
    for verbs, classes in groups:
        for verb in verbs:
            for form, kind in verb.forms(*classes).items():
                if verbs is SENDING and (
                    form == verb.io
                    or (form[:-1] == verb.done and form != verb.voi and verb.infinitive not in _TOLD)
                ):
                    continue  # «scrivo», «scritto»: what was done, and by whom; nothing is asked
                place = key(form)
                found[place] = found.get(place, 0) | kind
    return found
