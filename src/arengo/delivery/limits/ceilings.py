# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often, and for how long, Arengo tries by itself to send one message: all in one place.

The sender's page shows the same numbers (``rules``), and docs/manuale/impostazioni.md. Beyond them a message is sent only
because a person pressed a button. A try that the platform surely refused for now costs an attempt; one at which nobody
was there to answer costs an outage; one that may have been accepted costs a repeat, and only an alert has any.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _

ATTEMPTS = 10  # of one message, between two presses of a person: refusals for now, doubts and killed workers together
OUTAGES = 2880  # of one message at an address where nobody answers: a day of tries every ``LONGEST_OUTAGE``
REPEATS_OF_AN_ALERT = 1  # in its whole life, after a try that may have been accepted; everything else: none
SECOND_TRIES = 1  # a day after «not to this person today» (second_try.sql, one row a delivery)

LONGEST_BACKOFF = 300.0  # seconds between two tries of one message that was refused for now
LONGEST_OUTAGE = 30.0  # seconds between two tries at an address where nobody answers
LONGEST_DOUBT = 60.0  # seconds between two tries while every answer leaves its message in doubt

DOUBTS_BEFORE_PAUSE = (
    5  # answers in a row that leave their message in doubt; then each pause is twice as long
)
DOUBTS_BEFORE_STOP = 10  # the same where the answer is not the platform's at all: then the sender stops

PATIENCE = 60.0  # seconds that a delivery in doubt waits for its receipt

# Evidence that it did not go (weigh.sql): when, by how many neighbours, and until when it is looked for.
EVIDENCE_AFTER = timedelta(minutes=10)
EVIDENCE_AROUND = timedelta(seconds=5)  # on either side
EVIDENCE_NEIGHBOURS = 20  # sends of the same number, all with a receipt
EVIDENCE_UNTIL = timedelta(days=1)
ACCEPTANCES_KEPT = timedelta(days=2)  # longer than evidence is looked for
PEOPLE_KEPT = timedelta(days=2)  # who wrote and who was written to: the platform counts them for a day
TRIES_KEPT = 20  # moments of one delivery


def rules() -> list[str]:
    """In words, for the sender's page, in the user's language."""
    return [
        _("Un messaggio che WhatsApp respinge per ora: al massimo %(n)d tentativi, sempre più distanti.")
        % {"n": ATTEMPTS},
        _(
            "Un messaggio per cui nessuno risponde all’indirizzo del fornitore: un tentativo ogni %(seconds)d secondi, "
            "al massimo %(n)s (circa un giorno)."
        )
        % {"seconds": LONGEST_OUTAGE, "n": number_format(OUTAGES, force_grouping=True)},
        _(
            "Un’allerta che forse è partita e che dopo %(seconds)d secondi non ha ricevuta: di nuovo da sola, %(n)d "
            "volta in tutto."
        )
        % {"seconds": PATIENCE, "n": REPEATS_OF_AN_ALERT},
        _(
            "Ogni altro messaggio che forse è partito: mai da solo. Riparte se qualcuno lo decide, con gli indizi davanti."
        ),
        _(
            "Un messaggio promozionale che Meta rimanda per quella persona: %(n)d altro tentativo, il giorno dopo."
        )
        % {"n": SECOND_TRIES},
    ]
