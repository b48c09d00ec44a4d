# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong on the road in: somebody else who answers, numbers that are silent, what waits or cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from arengo.core.console.conditions import Snapshot
from arengo.core.console.senders import SenderNames
from arengo.core.console.troubles import Kind, Link, Trouble
from arengo.core.time_words import in_words
from arengo.intake.alarms import Alarms
from arengo.intake.models import Silence
from arengo.intake.responders import Noticed
from arengo.intake.silence_words import said
from arengo.intake.status import JournalStatus

_BEHIND = timedelta(minutes=1)  # the journal's oldest row

KINDS = (Kind("second_responder"), Kind("number_silent"), Kind("journal_behind"), Kind("unread"))


def find(snapshot: Snapshot) -> Iterator[Trouble]:
    names, alarms = snapshot.of(SenderNames), snapshot.of(Alarms)
    for noticed in alarms.responders:
        yield _second(noticed, names.of(noticed.sender_id))
    for silence in alarms.silences:
        yield _silent(silence, names.of(silence.pk), snapshot.at - silence.since)
    journal = snapshot.of(JournalStatus)
    behind = journal.behind(snapshot.at)
    if behind > _BEHIND:
        yield Trouble(
            "journal_behind",
            _("La posta in arrivo aspetta di essere letta da %(age)s") % {"age": in_words(behind)},
            _(
                "È già al sicuro nella banca dati. Se non cala, avviare un altro processo con «arengo worker»; "
                "se resta ferma, guardare il registro del processo «worker»."
            ),
        )
    if journal.unread:
        words = ngettext(
            "%(count)d arrivo che Arengo non ha saputo leggere",
            "%(count)d arrivi che Arengo non ha saputo leggere",
            journal.unread,
        )
        yield Trouble(
            "unread",
            words % {"count": journal.unread},
            _(
                "Sono conservati. In Impostazioni → Posta in arrivo non letta: «Rileggi» dopo un aggiornamento di Arengo, "
                "oppure «Archivia»."
            ),
            link=Link(_("Apri la posta in arrivo non letta"), "settings:unread"),
        )


def _second(noticed: Noticed, name: str) -> Trouble:
    since = date_format(timezone.localtime(noticed.since), "j F Y, H:i").lower()
    return Trouble(
        "second_responder",
        _("Un altro risponditore è collegato a questo numero: «%(name)s»") % {"name": name},
        _(
            "Dal %(since)s WhatsApp gli consegna alcune conversazioni: i cittadini ricevono risposte che il Comune "
            "non ha scritto. Toglierlo in Meta Business Suite; poi un amministratore toglie l’avviso in "
            "Sportello → Un altro risponditore."
        )
        % {"since": since},
        sender_id=noticed.sender_id,
        link=Link(_("Che cosa fare"), "desk:responder"),
    )


def _silent(silence: Silence, name: str, age: timedelta) -> Trouble:
    values = {
        "name": name,
        "age": in_words(age),
        "usual": in_words(timedelta(minutes=silence.usual_minutes)),
    }
    usual = _("In questo giorno e a quest’ora di solito non tace più di %(usual)s.") % values
    ends = _("L’avviso finisce da sé con il primo arrivo.")
    return Trouble(
        "number_silent",
        _("Da «%(name)s» non arriva nulla da %(age)s") % values,
        " ".join(part for part in (usual, said(silence), ends) if part),
        sender_id=silence.pk,
        link=Link(_("Apri il mittente"), "settings:sender", (silence.pk,)),
    )
