# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said about a page that was asked for."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.clean_text import isolated
from arengo.newsroom.pages.reading import Reading, Trouble, host_of

_WHY = {
    Trouble.NOT_WEB: gettext_lazy("Non è un indirizzo web."),
    Trouble.PRIVATE: gettext_lazy("L’indirizzo porta a una rete privata: da fuori nessuno la vede."),
    Trouble.SILENT: gettext_lazy("%(host)s non risponde."),
    Trouble.GONE: gettext_lazy("La pagina non c’è: %(host)s dice che non esiste o non esiste più."),
    Trouble.FORBIDDEN: gettext_lazy("%(host)s non la mostra a un programma: aprila e guarda se c’è."),
    Trouble.BROKEN: gettext_lazy("%(host)s ha risposto con un errore."),
    Trouble.NOT_HTML: gettext_lazy("Non è una pagina: è un file."),
    Trouble.TOO_LARGE: gettext_lazy("La pagina è troppo grande (oltre 2 MB)."),
    Trouble.CIRCLE: gettext_lazy("L’indirizzo rimanda ad altri indirizzi senza arrivare a una pagina."),
}


def why_not(reading: Reading) -> str:
    """Why it could not be read, in a sentence; empty when it could."""
    if reading.trouble is None:
        return ""
    return str(_WHY[reading.trouble]) % {"host": isolated(host_of(reading.address))}


def where_it_leads(reading: Reading) -> str:
    """Empty when it leads where it says."""
    if not reading.moved or reading.trouble is not None:
        return ""
    return _("L’indirizzo rimanda a %(address)s") % {"address": isolated(reading.address)}
