# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each of WhatsApp's codes means: what the engine does about it, and what staff can do.

The codes and their meanings are Meta's (Cloud API, error codes). The remedy is Arengo's choice:

- STOP_SENDER only where **every** message of the number would fail until a person acts. A code that speaks of
  one recipient (131026, 130497: their country) never stops the others: one foreign number must not silence an
  alert.
- 131048 (too many reports of spam) stops the sender although it passes by itself: going on makes it worse.
- 131056 is about one pair of numbers, so it does not slow the number down; 130429 is about the number, so it
  does.
- 131049 is Meta's judgement about one person and their day: once more after 24 hours, and no third time.
"""

from __future__ import annotations

import msgspec
from django.utils.functional import Promise

from arengo.core.sentences import gettext_lazy as _
from arengo.platforms.contract import Remedy

MINUTES = 60.0
HOURS = 3600.0


class Meaning(msgspec.Struct, frozen=True):
    remedy: Remedy
    explanation: str | Promise
    retry_after: float | None = None
    slow_down: bool = False
    gone: bool = False  # the number itself is not reached on WhatsApp, whatever is sent
    hopeless: bool = False  # it is about this person, and stays so: the same is refused again


_RETRY = Remedy.RETRY
_LATER = Remedy.RETRY_LATER
_NEVER = Remedy.NEVER
_STOP = Remedy.STOP_SENDER

_ACCESS = _(
    "Il codice di accesso a WhatsApp è scaduto o non è più valido. Inserirne uno nuovo nelle impostazioni "
    "del mittente."
)
_PERMISSION = _(
    "L’accesso a WhatsApp non ha i permessi necessari. Chi amministra l’account WhatsApp deve assegnarli di "
    "nuovo."
)
_BUSY = _("WhatsApp ha avuto un problema passeggero. Aspettare qualche minuto e riprovare.")
_INVALID = _(
    "WhatsApp non ha accettato il contenuto del messaggio. Leggere il motivo indicato da Meta, correggere e "
    "inviare di nuovo."
)
_TEMPLATE_VALUES = _(
    "I valori inseriti non corrispondono al modello approvato. Aggiornare i modelli nelle impostazioni e "
    "controllare l’anteprima."
)
_TEMPLATE_REFUSED = _(
    "Meta non ha accettato il modello. Leggere il motivo indicato, correggere il testo e presentarlo di "
    "nuovo."
)
_RATE = _(
    "Troppe richieste in poco tempo. Arengo ha rallentato e riprovato, senza riuscirci. Aspettare qualche minuto e "
    "inviare di nuovo."
)
_REGISTRATION = _(
    "La registrazione del numero su WhatsApp non è riuscita. Chi amministra l’account deve completarla in "
    "WhatsApp Manager."
)
_MARKETING = _(
    "WhatsApp non invia questo modello promozionale da questo numero. Usare un modello di servizio o "
    "chiedere al fornitore."
)
_FILE = _("WhatsApp non è riuscito a usare il file. Controllare formato e dimensione e allegarlo di nuovo.")
_FLOW = _(
    "Il modulo collegato al messaggio è sospeso. Chi amministra l’account deve controllarlo in WhatsApp "
    "Manager."
)
_BLOCK = _(
    "WhatsApp non ha potuto bloccare o sbloccare questa persona. Si può bloccare solo chi ha scritto nelle "
    "ultime 24 ore."
)
_PAYMENT = _(
    "C’è un problema con il pagamento dell’account WhatsApp. Chi amministra l’account deve controllare il "
    "metodo di pagamento."
)
_LOCKED = _(
    "Meta ha sospeso l’account per una violazione delle regole. Chi amministra l’account deve aprire "
    "WhatsApp Manager e chiedere una revisione."
)

MEANINGS: dict[int, Meaning] = {
    0: Meaning(_STOP, _ACCESS),
    1: Meaning(_RETRY, _BUSY),
    2: Meaning(_RETRY, _BUSY),
    3: Meaning(_STOP, _PERMISSION),
    4: Meaning(_LATER, _RATE, 5 * MINUTES, slow_down=True),
    10: Meaning(_STOP, _PERMISSION),
    33: Meaning(
        _STOP,
        _(
            "Il numero del mittente non esiste più su WhatsApp. Controllare l’identificativo del numero "
            "nelle impostazioni."
        ),
    ),
    100: Meaning(_NEVER, _INVALID),
    190: Meaning(_STOP, _ACCESS),
    368: Meaning(_STOP, _LOCKED),
    80007: Meaning(_LATER, _RATE, 5 * MINUTES, slow_down=True),
    130403: Meaning(
        _NEVER,
        _("Questa persona è stata bloccata da noi. Per scriverle bisogna prima sbloccarla."),
        hopeless=True,
    ),
    130429: Meaning(_RETRY, _RATE, slow_down=True),
    130472: Meaning(
        _NEVER,
        _(
            "Meta ha escluso questa persona dai messaggi promozionali per una sua prova. Usare un altro "
            "canale."
        ),
        hopeless=True,
    ),
    130497: Meaning(
        _NEVER,
        _(
            "WhatsApp non permette al Comune di scrivere a numeri del Paese di questa persona. Usare un "
            "altro canale."
        ),
        hopeless=True,
    ),
    130501: Meaning(
        _NEVER,
        _("La persona ha inviato un tipo di messaggio che WhatsApp non trasmette. Chiederle di scriverlo."),
    ),
    131000: Meaning(_RETRY, _BUSY),
    131005: Meaning(_STOP, _PERMISSION),
    131008: Meaning(_NEVER, _INVALID),
    131009: Meaning(_NEVER, _INVALID),
    131016: Meaning(_RETRY, _BUSY),
    131021: Meaning(
        _NEVER,
        _("Il destinatario è lo stesso numero del mittente. Scegliere un altro destinatario."),
        hopeless=True,
    ),
    131026: Meaning(
        _NEVER,
        _(
            "Messaggio non consegnabile: il numero non è su WhatsApp, oppure l’app è troppo vecchia o le "
            "condizioni d’uso non "
            "sono state accettate. Contattare la persona in un altro modo."
        ),
        gone=True,
    ),
    131030: Meaning(
        _NEVER,
        _(
            "Il mittente è ancora un numero di prova e questo destinatario non è fra quelli ammessi. "
            "Aggiungerlo in WhatsApp Manager."
        ),
    ),
    131031: Meaning(_STOP, _LOCKED),
    131035: Meaning(
        _NEVER,
        _(
            "WhatsApp non è riuscito a consegnarci una notifica in tempo. Controllare che il sito sia "
            "raggiungibile."
        ),
    ),
    131036: Meaning(
        _NEVER,
        _(
            "Il messaggio non è arrivato a tutti i dispositivi della persona e WhatsApp non lo conserva "
            "più. Inviarlo di nuovo."
        ),
    ),
    131037: Meaning(
        _STOP,
        _(
            "Il nome del mittente non è ancora approvato da Meta. Chi amministra l’account deve completarne "
            "l’approvazione in WhatsApp Manager."
        ),
    ),
    131042: Meaning(_STOP, _PAYMENT),
    131045: Meaning(
        _STOP,
        _(
            "Il numero del mittente non è registrato correttamente su WhatsApp. Registrarlo di nuovo in "
            "WhatsApp Manager."
        ),
    ),
    131047: Meaning(
        Remedy.WINDOW_CLOSED,
        _(
            "Sono passate più di 24 ore dall’ultimo messaggio della persona. Si può scriverle solo con un "
            "modello approvato."
        ),
    ),
    131048: Meaning(
        _STOP,
        _(
            "Troppe persone hanno bloccato o segnalato i messaggi di questo numero, oppure il limite di persone "
            "al giorno è superato. Gli invii sono fermi: controllare qualità e limiti del numero in WhatsApp "
            "Manager prima di riprendere."
        ),
    ),
    131049: Meaning(
        Remedy.NEXT_DAY,
        _(
            "Meta limita i messaggi promozionali che questa persona riceve. Arengo riprova una volta dopo "
            "24 ore; se Meta rifiuta ancora, non insiste."
        ),
    ),
    131050: Meaning(
        Remedy.OPTED_OUT,
        _(
            "La persona ha fermato le notizie in WhatsApp. Le allerte continuano ad arrivarle; le notizie "
            "riprendono quando le riattiva lei."
        ),
    ),
    131051: Meaning(_NEVER, _("WhatsApp non conosce questo tipo di messaggio. Inviarlo in un’altra forma.")),
    131052: Meaning(
        _NEVER,
        _(
            "Il file inviato dalla persona non si può scaricare: forse è troppo grande. Chiederle di "
            "inviarlo di nuovo."
        ),
    ),
    131053: Meaning(_NEVER, _FILE),
    131055: Meaning(_NEVER, _MARKETING),
    131056: Meaning(
        Remedy.PAIR,
        _(
            "Troppi messaggi alla stessa persona in poco tempo. Arengo ha aspettato e riprovato, senza riuscirci. "
            "Inviarlo di nuovo più tardi."
        ),
    ),
    131057: Meaning(
        _LATER,
        _(
            "Il numero è in manutenzione presso WhatsApp, di solito per pochi minuti. Aspettare e inviare di nuovo."
        ),
        1 * MINUTES,
    ),
    131059: Meaning(_NEVER, _INVALID),
    131062: Meaning(
        _NEVER,
        _(
            "Questo messaggio richiede un numero di telefono e la persona lo tiene nascosto. Usare un altro "
            "messaggio."
        ),
        hopeless=True,
    ),
    131063: Meaning(_NEVER, _MARKETING),
    131064: Meaning(
        _NEVER,
        _(
            "Troppi modelli sono stati presentati in una categoria sbagliata. Controllare le categorie in "
            "WhatsApp Manager."
        ),
    ),
    132000: Meaning(_NEVER, _TEMPLATE_VALUES),
    132001: Meaning(
        _NEVER,
        _(
            "Il modello non esiste o non è approvato in questa lingua. Aggiornare i modelli nelle "
            "impostazioni e sceglierne un altro."
        ),
    ),
    132005: Meaning(
        _NEVER, _("Con i valori inseriti il testo supera la lunghezza ammessa. Accorciare i valori.")
    ),
    132007: Meaning(
        _NEVER, _("Il testo del modello viola le regole di WhatsApp. Modificarlo e presentarlo di nuovo.")
    ),
    132012: Meaning(_NEVER, _TEMPLATE_VALUES),
    132015: Meaning(
        _LATER,
        _(
            "Meta ha messo in pausa il modello perché alcune persone non lo hanno gradito. Usare un altro modello, "
            "oppure inviare di nuovo dopo qualche ora."
        ),
        3 * HOURS,
    ),
    132016: Meaning(_NEVER, _("Meta ha disattivato il modello. Crearne uno nuovo con un testo diverso.")),
    132018: Meaning(_NEVER, _TEMPLATE_VALUES),
    132068: Meaning(_NEVER, _FLOW),
    132069: Meaning(_LATER, _FLOW, 5 * MINUTES),
    133000: Meaning(_STOP, _REGISTRATION),
    133004: Meaning(_RETRY, _BUSY),
    133005: Meaning(
        _NEVER,
        _(
            "Il PIN della verifica in due passaggi non è corretto. Chi amministra l’account può cambiarlo "
            "in WhatsApp Manager."
        ),
    ),
    133006: Meaning(_STOP, _REGISTRATION),
    133008: Meaning(
        _NEVER, _("Il PIN è stato sbagliato troppe volte. Aspettare il tempo indicato da Meta e riprovare.")
    ),
    133009: Meaning(
        _NEVER, _("Il PIN è stato inserito troppo in fretta. Aspettare qualche minuto e riprovare.")
    ),
    133010: Meaning(
        _STOP, _("Il numero del mittente non è registrato su WhatsApp. Registrarlo in WhatsApp Manager.")
    ),
    133015: Meaning(
        _LATER,
        _("Il numero è stato appena tolto da WhatsApp. Aspettare 5 minuti prima di registrarlo di nuovo."),
        5 * MINUTES,
    ),
    133016: Meaning(_NEVER, _("Il numero è stato registrato e tolto troppe volte. Aspettare 72 ore.")),
    134100: Meaning(_NEVER, _MARKETING),
    134101: Meaning(_NEVER, _MARKETING),
    134102: Meaning(_NEVER, _MARKETING),
    139100: Meaning(_NEVER, _BLOCK),
    139101: Meaning(_NEVER, _("L’elenco delle persone bloccate su WhatsApp è pieno. Sbloccarne qualcuna.")),
    139102: Meaning(_RETRY, _BUSY),
    139103: Meaning(_RETRY, _BUSY),
    2388019: Meaning(
        _NEVER, _("L’account ha raggiunto il numero massimo di modelli. Eliminarne qualcuno che non si usa.")
    ),
    2388039: Meaning(_NEVER, _TEMPLATE_REFUSED),
    2388040: Meaning(_NEVER, _TEMPLATE_REFUSED),
    2388047: Meaning(_NEVER, _TEMPLATE_REFUSED),
    2388072: Meaning(_NEVER, _TEMPLATE_REFUSED),
    2388073: Meaning(_NEVER, _TEMPLATE_REFUSED),
    2388293: Meaning(_NEVER, _TEMPLATE_REFUSED),
    2388299: Meaning(_NEVER, _TEMPLATE_REFUSED),
    2494191: Meaning(
        _NEVER,
        _(
            "Può riprendere la conversazione solo chi è indicato come ultimo responsabile in Meta Business Suite. "
            "Chiedere a chi amministra l’account di indicare Arengo."
        ),
    ),
}

# Meta reserves the whole range for permissions that are missing or were withdrawn.
_PERMISSION_CODES = range(200, 300)
_PERMISSION_MEANING = Meaning(_STOP, _PERMISSION)


def known(code: int) -> Meaning | None:
    if code in _PERMISSION_CODES:
        return _PERMISSION_MEANING
    return MEANINGS.get(code)
