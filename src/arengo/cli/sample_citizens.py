# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the sample citizens wrote to the desk: every kind of message, and waits short and long in opening time.

They write from phones of the sandbox, some time ago, so that their chats are there too. Their names say that they are samples.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Min, OuterRef, Subquery
from django.utils import timezone

from arengo.desk.lists.waiting import clock
from arengo.desk.models import Conversation, Message

from .sample_desk import Desks
from .sample_phones import Phones
from .sample_photo import square
from .words import Refused, _

_WITHIN = 60.0  # seconds until all of it has arrived
_WINDOW = timedelta(hours=20)  # within which somebody wrote last: they can still be answered freely
_RECENT = timedelta(hours=2)
_EDIT = "edit"

ASKS_AND_QUOTES, OF_THE_POLICE = "Omar Modello", "Paolo Prova"
TO_FOLLOW_UP, CLOSED, REPORTS = "Rita Campione", "Sara Esempio", "Teo Modello"
ANSWERED, PHONED = "Nadia Prova", "Irene Modello"
_ANSWERED = (ASKS_AND_QUOTES, TO_FOLLOW_UP, CLOSED, REPORTS, ANSWERED)


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _photo(sky: str, ground: str) -> dict[str, Any]:
    data = base64.b64encode(square(sky, ground)).decode()
    return {"type": "image", "image": {"data": data, "mime_type": "image/jpeg"}}


@dataclass(frozen=True)
class Said:
    """``minutes`` of opening time ago. ``then``: what they changed its words to, a minute later."""

    minutes: int
    message: dict[str, Any]
    then: str = ""


def _all_that_is_said() -> dict[str, Sequence[Said]]:
    card = {
        "name": {"formatted_name": "Scuolabus di Esempio", "first_name": "Scuolabus"},
        "phones": [{"phone": "+39 055 000 0009", "type": "WORK"}],
        "org": {"company": "Trasporti di Esempio"},
    }
    market = {"latitude": 43.7696, "longitude": 11.2558, "name": "Mercato", "address": "Piazza di Esempio"}
    return {
        "Fabio Campione": (
            Said(95, _text("Buongiorno, per la carta d’identità elettronica serve l’appuntamento?")),
            Said(93, _text("È per mio padre, che non può venire di persona.")),
        ),
        "Giulia Prova": (
            Said(72, _photo("#9cc3e6", "#7d8b6a")),
            Said(72, _photo("#f0c98b", "#6f6a5f")),
            Said(71, _photo("#6a7fa8", "#4d5a4a")),
            Said(71, _text("Ecco la piazza da tre lati: dove si può mettere il banchetto della festa?")),
        ),
        "ليلى مثال": (Said(52, _text("صباح الخير، متى يفتح مكتب السكان؟")),),
        "Hassan Campione": (
            Said(38, {"type": "location", "location": market}),
            Said(38, _text("Il mercato del sabato si tiene ancora qui?")),
        ),
        PHONED: (
            Said(27, {"type": "call"}),
            Said(26, {"type": "audio"}),
            Said(
                25,
                _text("Quando apre l’ufficio tributi, venerdì?"),
                "Quando apre l’ufficio tributi, giovedì?",
            ),
        ),
        "Luca Esempio": (
            Said(14, {"type": "contacts", "contacts": [card]}),
            Said(14, _text("È questo il numero dello scuolabus?")),
        ),
        "Marta Campione": (
            Said(4, {"type": "unsupported", "unsupported": "poll"}),
            Said(4, {"type": "document", "document": {"filename": "modulo-residenza.pdf"}}),
            Said(3, _text("Va bene compilato così?")),
        ),
        ANSWERED: (Said(130, _text("A che ora chiude la biblioteca il sabato?")),),
        ASKS_AND_QUOTES: (Said(110, _text("Vorrei un appuntamento per la residenza, quando posso venire?")),),
        OF_THE_POLICE: (Said(33, _text("Mi hanno rimosso l’auto: dove la ritiro?")),),
        TO_FOLLOW_UP: (Said(240, _text("Avete notizie della mia iscrizione al nido?")),),
        CLOSED: (
            Said(200, _text("Dove si ritira la tessera elettorale?")),
            Said(180, {"type": "sticker"}),
        ),
        REPORTS: (Said(60, _text("C’è un lampione spento in via di Esempio, davanti al 12.")),),
    }


class Citizens:
    """They write to the first of these desks; their waits are counted in the hours of the one that answers them."""

    def __init__(self, phones: Phones, desks: Desks) -> None:
        self._phones, self._desks = phones, desks
        self._began = timezone.now()

    def write(self) -> None:
        """Everything, and waits until the desk has it. Refused where it does not come."""
        said = _all_that_is_said()
        for number, (name, lines) in enumerate(said.items()):
            self._phones.give(name)
            for line in lines[:-1]:
                self._write(name, line, self.moment(line.minutes, name))
            last = self.moment(lines[-1].minutes, name)
            # After a weekend: they wait since then, and wrote again a little while ago, so that they can be answered freely.
            recent = self._began - _RECENT - number * timedelta(minutes=37)
            if last < self._began - _WINDOW and name not in _ANSWERED and len(lines) == 1:
                self._write(name, lines[-1], last)
                self._write(name, Said(0, _text("Buongiorno, avete novità?")), recent)
            else:
                self._write(name, lines[-1], recent if last < self._began - _WINDOW else last)
        self._wait(said)
        self._as_if_then(list(said))

    def quote(self, name: str, words: str, minutes: int) -> None:
        """They answer the last message that they got from us, once they have it."""
        until = time.monotonic() + _WITHIN
        while not (received := self._phones.received(name)):
            _pause(until)
        before = Message.objects.count()
        at = max(self.moment(minutes, name), self.conversation(name).last_message_at + timedelta(minutes=5))
        ago = max((timezone.now() - at).total_seconds(), 0.0)
        self._phones.write(name, {**_text(words), "context": received[-1]}, ago=ago)
        while Message.objects.count() == before:
            _pause(until)
        self._as_if_then([name])

    def conversation(self, name: str) -> Conversation:
        found: Conversation = Conversation.objects.get(contact__name=name)
        return found

    def moment(self, minutes: int, name: str) -> datetime:
        """The latest from which the desk that answers them was open for so long."""
        desk = self._desks.police if name == OF_THE_POLICE else self._desks.urp
        return clock([desk.pk], minutes).late_before[desk.pk]

    def _write(self, name: str, line: Said, at: datetime) -> None:
        ago = (timezone.now() - at).total_seconds()
        wamid = self._phones.write(name, line.message, ago=ago)
        if line.then:
            edit = {"type": _EDIT, "message_id": wamid, "text": line.then}
            self._phones.write(name, edit, ago=max(ago - 60, 0))

    def _wait(self, said: dict[str, Sequence[Said]]) -> None:
        until = time.monotonic() + _WITHIN
        expected = sum(len(lines) for lines in said.values())
        edited = sum(1 for lines in said.values() for line in lines if line.then)
        written = Message.objects.filter(conversation__contact__name__in=list(said))
        while written.count() < expected or written.filter(edited_at__isnull=False).count() < edited:
            _pause(until)

    @staticmethod
    def _as_if_then(names: Sequence[str]) -> None:
        """What they wrote arrived when it was written, and not when the demo began."""
        written = Message.objects.filter(
            conversation__contact__name__in=names, direction=Message.Direction.IN
        )
        written.update(received_at=F("sent_at"))
        first = (
            Message.objects.filter(conversation=OuterRef("pk"))
            .values("conversation")
            .annotate(first=Min("sent_at"))
            .values("first")
        )
        Conversation.objects.filter(contact__name__in=names).update(opened_at=Subquery(first))


def _pause(until: float) -> None:
    if time.monotonic() > until:
        raise Refused(_("ciò che è stato scritto dai telefoni di prova non arriva"))
    time.sleep(0.05)
