# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The categories with which an organization begins: those of Italian reporting systems (Municipium, Alessandria's open data)."""

from __future__ import annotations

LINK = "{link}"  # in a text: the address stands here

_REPORT = (
    "Buongiorno, in questa chat non raccogliamo segnalazioni. %s si segnala qui, così arriva all’ufficio giusto: {link} "
    "Se c’è un pericolo immediato chiami il 112."
)

CATEGORIES: tuple[tuple[str, str], ...] = (
    ("Buche e strade", _REPORT % "Una buca o un danno alla strada"),
    ("Verde pubblico", _REPORT % "Un problema del verde pubblico"),
    ("Semafori e segnaletica", _REPORT % "Un guasto a un semaforo o alla segnaletica"),
    ("Illuminazione pubblica", _REPORT % "Un lampione spento o guasto"),
    ("Tombini e caditoie", _REPORT % "Un tombino o una caditoia"),
    ("Arredo urbano", _REPORT % "Un danno all’arredo urbano"),
    ("Parchi gioco e aree cani", _REPORT % "Un problema di un parco giochi o di un’area cani"),
    ("Disinfestazione", _REPORT % "La presenza di insetti o di topi"),
    ("Cimiteri", _REPORT % "Un problema di un cimitero"),
    (
        "Idee e proposte",
        "Buongiorno, grazie. Le idee e le proposte si mandano qui, così restano registrate: {link}",
    ),
    (
        "Reclami",
        "Buongiorno, in questa chat non si presentano reclami. Il reclamo si presenta qui: {link}",
    ),
    ("Altre segnalazioni", _REPORT % "Quello che ci scrive"),
)
