# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A part of a message between two points or commas, and what it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from arengo.audience.words.forms import Class, Kinds
from arengo.audience.words.vocabulary import named

LEAVES = Class.LEAVE_ME | Class.LEAVE | Class.LEAVE_FIRST | Class.LEAVE_DONE | Class.LEAVE_NOUN | Class.STOP
JOINS = Class.JOIN_ME | Class.JOIN | Class.JOIN_FIRST | Class.JOIN_DONE | Class.JOIN_NOUN | Class.START
_PLAIN_LEAVES = Class.LEAVE | Class.LEAVE_FIRST | Class.LEAVE_NOUN | Class.LEAVE_DONE
_LIGHT = Class.ME | Class.WANT | Class.MAY | Class.BE | Class.MORE | Class.ALSO
_LISTED = Class.LIST | Class.THING | Class.PLACE
_SENDING = Class.SEND | Class.SEND_ME
_OUT = ("fuori", "via")  # «mettetemi fuori»
ME_WORDS = named("me")
_POLITE = named("polite")  # «potete cancellarmi?» asks for it; «come faccio a cancellarmi?» asks about it
_QUOTES = named("quotes")  # «scrivo STOP»
_NO_WANTS = named("no wants")  # after «no»
_BETWEEN = named("between")  # «non» and its verb
_REASONS, _WHY = named("reasons"), named("why")
_NEWS = named("news")  # what one subscribes to; «servizio», «numero» are asked about for other reasons too
# Of these verbs it must be said what is left, or joined: «posso ritirare?», «vorrei disdire», «posso entrare?» are about something else.
_VAGUE, _VAGUE_JOIN = tuple(named("vague leaving")), tuple(named("vague joining"))
_DAYS = named("days")
_IT = ("telo", "tela", "teli", "tele", "rlo", "rla", "rli", "rle", "alo", "ilo")  # «cancellatelo»
_OF_SOMEBODY = tuple(named("of somebody"))
_TOLD, _ANY_NEWS = named("is told"), named("any news")


@dataclass(frozen=True)
class Word:
    """``kind``: empty for a word that nobody knows. ``kinds in word``: whether it is any of these."""

    text: str
    kind: Kinds

    def __contains__(self, kinds: Kinds) -> bool:
        return self.kind & kinds != 0


@dataclass(frozen=True)
class Clause:
    """``asked``: a question mark ends it."""

    words: Sequence[Word]
    asked: bool = False

    def has(self, kinds: Kinds) -> bool:
        return any(kinds in word for word in self.words)

    def says(self, *texts: str) -> bool:
        return any(word.text in texts for word in self.words)

    @property
    def is_known(self) -> bool:
        return all(word.kind for word in self.words)

    # --- whether the rest of a message may say why ------------------------------------------------------------

    def is_firm(self) -> bool:
        """It names whom it is about, and nothing but the list."""
        if self.has(Class.FOREIGN | Class.REPORT):
            return False
        return self.has(Class.LEAVE_ME) or (self.has(_PLAIN_LEAVES) and self.has(Class.LIST | Class.THING))

    def is_firm_join(self) -> bool:
        if self.has(Class.FOREIGN | Class.REPORT):
            return False
        asked_for = Class.JOIN | Class.JOIN_NOUN | Class.WANT | Class.SEND_ME
        return self.has(Class.JOIN_ME) or (self.has(Class.LIST) and self.has(asked_for))

    def refuses_list(self) -> bool:
        """«niente più messaggi», «non voglio più messaggi su whatsapp»."""
        firm = self.has(Class.MORE) and self.has(Class.LIST) and not self.has(Class.FOREIGN | Class.PERSON)
        return firm and self.refuses()

    def refuses_firmly(self) -> bool:
        firm = self.has(Class.MORE | Class.SEND_ME | Class.NOTHING) and not self.has(
            Class.FOREIGN | Class.PERSON
        )
        return firm and self.refuses()

    def is_polite(self) -> bool:
        """A question that asks for it: «potete cancellarmi?», «mi togliete?»."""
        pressed = (
            one.text in ME_WORDS and LEAVES | JOINS in other and other.text[-1] != "o"
            for one, other in pairwise(self.words)
        )
        return self.says(*_POLITE) or any(pressed)

    # --- imperatives -------------------------------------------------------------------------------------------

    def commands(self) -> bool:
        """«cancellatemi», «mi tolga»: no question, whatever else is wondered about."""
        if self.is_about_a_day() and not self.has(_LISTED):
            return False
        for place, word in enumerate(self.words):
            before, after = self._text(place - 1), self._text(place + 1)
            said = Class.LEAVE_ME in word and not word.text.endswith(("rmi", "rci", "rme"))
            said |= word.text in ("remove", "delete", "cancel") and after == "me"
            said |= Class.LEAVE in word and word.text.endswith("telo") and self.says("numero")
            pressed = (
                before in ME_WORDS and Class.LEAVE | Class.LEAVE_FIRST in word and word.text[-2:] != "re"
            )
            if pressed and (
                self._text(place - 2) in ("se", "quando", "ho", "hanno", "avete")
                or self.denies(place)
                or self._is_vague(place)
            ):
                pressed = said
            if (
                (said or pressed)
                and before != "se"
                and not self._is_no_before(place)
                and not self.quotes(place)
            ):
                return not self.asked
        return False

    def commands_joining(self) -> bool:
        """«iscrivetemi», «mi aggiungete»: with nothing unknown behind it but a reason."""
        for place, word in enumerate(self.words):
            before = self._text(place - 1)
            said = Class.JOIN_ME in word and not word.text.endswith(("rmi", "rci"))
            pressed = before in ("mi", "ci") and Class.JOIN in word and self._text(place - 2) != "se"
            if not (said or pressed) or before in ("se", "di", "scritto", "detto", "scrivo"):
                continue
            if word.text.startswith(_VAGUE_JOIN) and not self.has(Class.LIST):
                continue
            after = self.words[place + 1 :]
            end, why = _until_unknown(after), _first(after, _WHY)
            refused = any(Class.NOT in other for other in after[:why]) or self._text(place + 1) in _OUT
            told = any(Class.REPORT in other for other in self.words[:place])
            if refused or told or self._is_no_before(place) or self.quotes(place):
                continue
            if end == len(after) or why < end:
                return not self.asked
        return False

    def is_meant(self, *, reasoned: bool = False) -> bool:
        """Of words among which nobody knows some: what is asked for is said; the unknown ones say who signs, or why.

        ``reasoned``: only where a word leads over to a reason.
        """
        for place, word in enumerate(self.words):
            whole, sends = Class.LEAVE_ME in word, _SENDING in word and Class.LEAVE not in word
            if not (whole or sends or Class.LEAVE | Class.LEAVE_NOUN in word):
                continue
            if self.quotes(place) or self.denies(place) is not sends:
                continue
            if self.is_about_a_day() and not self.has(_LISTED):
                continue
            after = self.words[place + 1 :]
            end = _until_unknown(after)
            said = after[:end]
            things = Class.LIST | Class.THING | Class.NOTHING | (Class.MORE if sends else 0)
            if not whole and not any(things in other for other in said):
                continue
            leads = any(other.text in _REASONS for other in said)
            if reasoned and end < len(after) and not leads:
                continue
            signed = end == len(after) - 1 and not said
            # «annulla iscrizione judo»: what follows the list directly says which.
            because = bool(said) and (said[-1].text in _REASONS or said[0].text in _REASONS)
            if end == len(after) or signed or because:
                return True
        return False

    # --- requests of any form ----------------------------------------------------------------------------------

    def leaves(self) -> bool:
        """Every word of it is known."""
        if self.words[0].text in _OUT and self.has(Class.LIST):
            return True
        listed = self.has(_LISTED)
        if self.is_about_a_day() and not listed:
            return False
        wrong = next((place for place, word in enumerate(self.words) if Class.ERROR in word), len(self.words))
        undoes = False  # «annullate la cancellazione»
        for place, word in enumerate(self.words[:wrong]):
            if LEAVES | Class.JOIN_ME | Class.SEND_ME not in word or self.denies(place):
                continue
            if Class.JOIN_ME | Class.SEND_ME in word and self._text(place + 1) in _OUT:
                return True
            spoken = self.quotes(place) or (Class.LEAVE_ME not in word and self._is_vague(place))
            if Class.LEAVE_ME in word and not spoken:
                return True
            after = self.words[place + 1 :]
            undoes |= Class.LEAVE in word and any(Class.LEAVE_NOUN in other for other in after)
            if Class.LEAVE | Class.LEAVE_NOUN | Class.STOP in word and not undoes and not spoken:
                bare = word.kind == Class.STOP
                if not (
                    bare and (wrong < len(self.words) or self.has(Class.REPORT | Class.PERSON | Class.BE))
                ):
                    return True
            if (
                Class.LEAVE_FIRST in word
                and not spoken
                and (self._text(place - 1) in ME_WORDS or (listed and after))
            ):
                return True
            if Class.LEAVE_DONE in word and not spoken and self._wishes(place):
                return True
        return self.refuses()

    def refuses(self) -> bool:
        """«non mandatemi più niente», «niente messaggi», «non voglio più essere iscritta», «non mi interessa più»."""
        if self.has(Class.PERSON) and not self.has(Class.MORE):
            return False
        if self.words[0].text == "plus" and self.has(Class.LIST):
            return True
        for place, word in enumerate(self.words):
            if Class.NOT | Class.NOTHING not in word and not self.is_no(place):
                continue
            rest = Clause(self.words[place + 1 :])
            weighs = (
                each for each in rest.words if _LIGHT | Class.FILL not in each or LEAVES | JOINS in each
            )
            if (
                first := next(weighs, None)
            ) is not None and Class.LEAVE_ME | Class.LEAVE | Class.LEAVE_DONE in first:
                return False  # «non cancellatemi»
            if rest.words and self._refuses(word, rest):
                return True
        return False

    def _refuses(self, word: Word, rest: Clause) -> bool:
        """``word``: «non», «niente», «no»."""
        first = rest.words[0]
        wished = (
            Class.GET
            | Class.LIST
            | Class.NOTHING
            | Class.MORE
            | Class.JOIN
            | Class.JOIN_ME
            | Class.JOIN_DONE
            | Class.JOIN_NOUN
        )
        return (
            self._sends_me(rest)
            or (rest.has(Class.CARE) and self.has(_LISTED | Class.JOIN_DONE))
            or (rest.has(Class.MORE) and (rest.has(Class.JOIN | Class.JOIN_FIRST) or rest.says("consenso")))
            or (rest.has(Class.WANT) and rest.has(wished))
            or (
                Class.MORE | Class.LIST in first
                and rest.has(Class.LIST)
                and (word.text[:6] != "nessun" or rest.has(Class.MORE))
            )
            or (Class.NOTHING in word and rest.has(Class.LIST))
            or (
                self.has(Class.WANT)
                and Class.GET | Class.BE in first
                and rest.has(Class.MORE | Class.LIST | Class.NOTHING)
            )
            or first.text == "ricevere"
            or (self.has(Class.SEND) and [each.text for each in rest.words[:2]] == ["a", "me"])
        )

    def _sends_me(self, rest: Clause) -> bool:
        """«non mandatemi più niente», «non scrivete più»; not «non voglio disturbare», «non mandate nessuno»."""
        asked = [
            each
            for each in rest.words
            if Class.SEND in each and not (Class.WANT in rest.words[0] and each.text[-2:] == "re")
        ]
        about = Class.MORE | Class.NOTHING | Class.LIST | Class.ME
        return rest.has(Class.SEND_ME) or (
            bool(asked) and (self.has(about) or (len(self.words) <= 3 and not rest.has(Class.NOT)))
        )

    def joins(self) -> bool:
        """Every word of it is known."""
        undoing = Class.LEAVE | Class.LEAVE_FIRST | Class.LEAVE_DONE | Class.LEAVE_NOUN
        if self.has(undoing) and not self.has(Class.JOIN_ME):
            return False
        if self.has(Class.NOT | Class.NOTHING | Class.ERROR | Class.REPORT) or any(
            map(self.is_no, range(len(self.words)))
        ):
            return False
        listed = self.has(Class.LIST)
        for place, word in enumerate(self.words):
            if (not listed and word.text.startswith(_VAGUE_JOIN)) or (
                self._text(place - 1) == "si" and len(self.words) > 2
            ):
                continue
            if Class.JOIN_ME | Class.JOIN | Class.JOIN_NOUN in word and not self.quotes(place):
                return True
            if (
                Class.START in word
                and place in (0, len(self.words) - 1)
                and len(self.words) <= (4 if listed else 3)
            ):
                return True
            if Class.JOIN_FIRST in word and self._text(place - 1) in ME_WORDS:
                return True
            if Class.JOIN_DONE in word and self.has(Class.BE) and self._wishes(place):
                return True
        if not self.says(*_NEWS) or (
            self.says(*_TOLD) and not self.says(*(_NEWS - _ANY_NEWS), "comune", "le")
        ):
            return False
        gets = self.has(Class.GET | _SENDING)
        return (
            self.has(Class.WANT | _SENDING)
            or (self.has(Class.MAY) and gets)
            or (self.has(Class.ALSO) and self.has(Class.ME))
        )

    def is_about_a_day(self) -> bool:
        """«cancellatemi per giovedì», «di domani»: an appointment."""
        return any(
            one.text in ("per", "di", "del", "alle", "delle")
            and (other.text in _DAYS or other.text.isdigit())
            for one, other in pairwise(self.words)
        )

    # --- small questions ---------------------------------------------------------------------------------------

    def quotes(self, place: int) -> bool:
        """«scrivo iscrivimi», «grazie per l'iscrizione», «mi basta sapere», «lo stop»: it is spoken of."""
        word, before = self.words[place], self._text(place - 1)
        if Class.STOP in word and before in ("lo", "uno", "dello", "allo", "sullo"):
            return True
        if word.text == "basta":
            if self.words[place + 1 :] and self.words[place + 1].text == "cosi":
                return True
            if before in ("ora", "oggi") and self._text(place - 2) == "per":
                return True
            after = self.words[place + 1].kind if place + 1 < len(self.words) else 0
            return before in ME_WORDS or bool(after & Class.GET and not after & Class.SEND)
        thanks = any(
            one.text in ("grazie", "ringrazio") and other.text in ("per", "dell", "della", "del", "di")
            for one, other in pairwise(self.words[:place])
        )
        return before in _QUOTES or (thanks and Class.JOIN_NOUN | Class.LEAVE_NOUN in word)

    def denies(self, place: int) -> bool:
        """Whether a «non» speaks of the word there: only light words stand between."""
        for at in range(place - 1, -1, -1):
            word = self.words[at]
            if Class.NOT in word or self.is_no(at):
                return True
            if word.text not in _BETWEEN and (
                _LIGHT not in word or Class.LIST | Class.SEND | Class.CARE in word
            ):
                return False
        return False

    def is_no(self, place: int) -> bool:
        """«no messaggi», «no voglio messaggi»: more than a word by itself."""
        if self.words[place].text != "no" or place + 1 == len(self.words):
            return False
        after = self.words[place + 1]
        return Class.LIST | Class.MORE | Class.SEND | Class.GET in after or after.text in _NO_WANTS

    def _is_vague(self, place: int) -> bool:
        """Whether it needs what it is about, and that is not said: «disdico», «togliete», «cancellatelo»; not «mi tolgo»."""
        word = self.words[place]
        text = word.text
        if self.has(_LISTED | Class.JOIN_NOUN | Class.JOIN_DONE):
            return False
        if text.startswith(_OF_SOMEBODY):
            about_me = any(other.text in ME_WORDS for other in self.words[:place])
            return not about_me and not (text.startswith("tolt") and self.has(Class.BE))
        if text.startswith(("usc", "esc")):
            return not (self.has(Class.WANT) or self.says("fatemi", "fate", "esci"))
        return text.startswith(_VAGUE) or (Class.LEAVE in word and text.endswith(_IT))

    def _is_no_before(self, place: int) -> bool:
        return place > 0 and Class.NOT in self.words[place - 1]

    def _wishes(self, place: int) -> bool:
        """«vorrei essere cancellata», «va tolto»; not «vorrei sapere se sono cancellata»."""
        if any(word.text == "se" for word in self.words[:place]) and not self.says("possibile"):
            return False
        return self.has(Class.WANT | Class.MAY) or self._text(place - 1) in ("va", "vanno")

    def _text(self, place: int) -> str:
        return self.words[place].text if 0 <= place < len(self.words) else ""


def _until_unknown(words: Sequence[Word]) -> int:
    return next((at for at, word in enumerate(words) if not word.kind or Class.FOREIGN in word), len(words))


def _first(words: Sequence[Word], texts: frozenset[str]) -> int:
    return next((at for at, word in enumerate(words) if word.text in texts), len(words))
