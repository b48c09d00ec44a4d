# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The citizens with a phone. A crowd of a million is one record until somebody in it does something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from arengo_sandbox.storage import Storage

# Business-scoped user ids are country, dot, opaque digits (Meta: `US.13491208655302741918`).
USER_ID_BASE = 13_491_208_000_000_000_000
USER_ID_STEP = 7919
CROWD_PREFIX = "39399"
PASSING = 20_000
FIRST_PHONE = 393330000000
# The names say that they are samples; nobody is called like this.
SAMPLES: tuple[tuple[str, bool], ...] = (
    ("Anna Esempio", False),
    ("Bruno Campione", False),
    ("Carla Prova", False),
    ("Dario Modello", False),
    ("Elena Senzanumero", True),
    ("Maria Francesca Giuseppina Esempio della Lunghissima Denominazione Anagrafica di Prova", False),
)


class Person(msgspec.Struct, kw_only=True):
    """One WhatsApp user as the outside world knows them."""

    n: int
    name: str
    phone: str
    user_id: str
    username: str | None = None
    hide_number: bool = False
    online: bool = True
    blocked_business: bool = False
    automatic: bool = False
    marketing_stopped: bool = False
    # When they last wrote to each of the business's numbers: it opens the 24-hour window.
    wrote_at: dict[str, float] = {}

    @property
    def id(self) -> str:
        return f"p{self.n}"

    def shown(self) -> dict[str, Any]:
        """The person as the control API shows them."""
        return {
            "id": self.id,
            "name": self.name,
            "phone": self.phone,
            "user_id": self.user_id,
            "username": self.username,
            "hide_number": self.hide_number,
            "online": self.online,
            "blocked_business": self.blocked_business,
            "marketing": "stop" if self.marketing_stopped else "resume",
            "automatic": self.automatic,
        }


class Crowd(msgspec.Struct, kw_only=True):
    """`count` people with consecutive phones: `prefix` and `start + i` padded to `width` digits."""

    first: int
    count: int
    prefix: str
    start: int
    width: int
    label: str
    hide_number: bool = False

    def person(self, n: int) -> Person:
        position = self.start + n - self.first
        return Person(
            n=n,
            name=f"{self.label} {position}",
            phone=f"{self.prefix}{position:0{self.width}d}",
            user_id=user_id_of(n),
            username=f"persona{n}" if self.hide_number else None,
            hide_number=self.hide_number,
            automatic=True,
        )

    def holder_of(self, phone: str) -> int | None:
        """The owner of this phone, if it belongs to the crowd."""
        if len(phone) != len(self.prefix) + self.width or not phone.startswith(self.prefix):
            return None
        offset = int(phone[len(self.prefix) :]) - self.start
        return self.first + offset if 0 <= offset < self.count else None


def user_id_of(n: int) -> str:
    return f"IT.{USER_ID_BASE + n * USER_ID_STEP}"


def digits_of(text: str) -> str:
    """A phone number as digits alone; `to` may carry + - ( ) and spaces."""
    return text if text.isdigit() else re.sub(r"[\s()+.-]", "", text)


class People:
    """Everybody on the emulated WhatsApp. A number that nobody was given is not on it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[int, Person] = {}
        self._by_phone: dict[str, int] = {}
        self._by_user: dict[str, int] = {}
        self._crowds: list[Crowd] = []
        self._next = 1
        # Passers-by of the crowds: a send looks the same person up several times within a moment.
        self._passing: dict[int, Person] = {}

    def load(self) -> None:
        for crowd in self._storage.load("crowd", Crowd):
            self._crowds.append(crowd)
            self._next = max(self._next, crowd.first + crowd.count)
        for person in self._storage.load("person", Person):
            self._index(person)
            self._next = max(self._next, person.n + 1)
        if self._next == 1:
            for name, hidden in SAMPLES:
                self.add(name, hide_number=hidden, automatic=False)

    def __len__(self) -> int:
        crowded = sum(crowd.count for crowd in self._crowds)
        return crowded + sum(1 for n in self._known if self._crowd_of(n) is None)

    def add(
        self,
        name: str | None = None,
        *,
        phone: str | None = None,
        hide_number: bool = False,
        automatic: bool = True,
    ) -> Person:
        """One new person; without a phone they get the next free sample number."""
        n = self._next
        self._next += 1
        person = Person(
            n=n,
            name=name or f"Persona di prova {n}",
            phone=phone or self._free_phone(n),
            user_id=user_id_of(n),
            username=f"persona{n}" if hide_number else None,
            hide_number=hide_number,
            automatic=automatic,
        )
        self._index(person)
        self.keep(person)
        return person

    def add_crowd(self, count: int, prefix: str | None, *, hide_number: bool = False) -> Crowd:
        """`count` people at the cost of one. A prefix of digits is that of their phones, another that of their names."""
        digits = digits_of(prefix or "")
        numeric = digits.isdigit()
        phone_prefix = digits if numeric else CROWD_PREFIX
        label = "Persona" if numeric or not prefix else prefix.strip()
        taken = [crowd for crowd in self._crowds if crowd.prefix == phone_prefix]
        start = max((crowd.start + crowd.count for crowd in taken), default=1)
        width = max(12 - len(phone_prefix), len(str(start + count - 1)), *(crowd.width for crowd in taken), 1)
        if len(phone_prefix) + width > 15:
            raise ValueError("prefix is too long: a phone number has at most 15 digits")
        crowd = Crowd(
            first=self._next,
            count=count,
            prefix=phone_prefix,
            start=start,
            width=width,
            label=label,
            hide_number=hide_number,
        )
        self._next += count
        self._crowds.append(crowd)
        self._storage.put("crowd", f"{crowd.first:012d}", crowd)
        return crowd

    def get(self, n: int) -> Person | None:
        """The person; one of a crowd is made up on the spot and forgotten unless `keep` is called."""
        person = self._known.get(n) or self._passing.get(n)
        if person is None and (crowd := self._crowd_of(n)) is not None:
            person = crowd.person(n)
            if len(self._passing) >= PASSING:
                self._passing.clear()
            self._passing[n] = person
        return person

    def keep(self, person: Person) -> None:
        """Remember what changed about a person."""
        if person.n not in self._known:
            self._passing.pop(person.n, None)
            self._index(person)
        self._storage.put("person", f"{person.n:012d}", person)

    def by_phone(self, text: str) -> Person | None:
        phone = digits_of(text)
        if (n := self._by_phone.get(phone)) is not None:
            return self._known[n]
        if not phone.isdigit():
            return None
        for crowd in self._crowds:
            holder = crowd.holder_of(phone)
            if holder is not None and holder not in self._known:
                return self.get(holder)
        return None

    def by_user_id(self, user_id: str) -> Person | None:
        if (n := self._by_user.get(user_id)) is not None:
            return self._known[n]
        number = user_id.removeprefix("IT.")
        if number == user_id or not number.isdigit():
            return None
        n, rest = divmod(int(number) - USER_ID_BASE, USER_ID_STEP)
        return None if rest or n in self._known else self.get(n)

    def find(self, name: str) -> Person | None:
        """By control id (`p12`), business-scoped user id or phone."""
        if name[:1] == "p" and name[1:].isdigit():
            return self.get(int(name[1:]))
        return self.by_user_id(name) or self.by_phone(name)

    def change_phone(self, person: Person, phone: str) -> None:
        """A new number is a new business-scoped user id, as on WhatsApp."""
        self._by_phone.pop(person.phone, None)
        self._by_user.pop(person.user_id, None)
        person.phone = digits_of(phone)
        self.change_user_id(person)

    def change_user_id(self, person: Person) -> None:
        self._by_user.pop(person.user_id, None)
        # Outside the range of computed ids, so that it can never be somebody else's.
        serial = int(person.user_id.removeprefix("IT.")) % USER_ID_BASE
        person.user_id = f"IT.{2 * USER_ID_BASE + serial + 1}"
        self._index(person)
        self.keep(person)

    def known(self) -> Iterator[Person]:
        """The people with a record of their own, oldest first."""
        return iter([self._known[n] for n in sorted(self._known)])

    def everybody(self, after: int = 0) -> Iterator[Person]:
        """Everybody with n above `after`, in order."""
        for n in range(after + 1, self._next):
            person = self.get(n)
            if person is not None:
                yield person

    def _index(self, person: Person) -> None:
        self._known[person.n] = person
        self._by_phone[person.phone] = person.n
        self._by_user[person.user_id] = person.n

    def _crowd_of(self, n: int) -> Crowd | None:
        for crowd in self._crowds:
            if crowd.first <= n < crowd.first + crowd.count:
                return crowd
        return None

    def _free_phone(self, n: int) -> str:
        candidate = FIRST_PHONE + n
        while self.by_phone(str(candidate)) is not None:
            candidate += 1
        return str(candidate)
