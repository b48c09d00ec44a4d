# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a business may send."""

from __future__ import annotations

from typing import Any

SENDABLE: list[dict[str, Any]] = [
    {
        "type": "interactive",
        "interactive": {
            "type": "location_request_message",
            "body": {"text": "Dov'è la buca?"},
            "action": {"name": "send_location"},
        },
    },
    {
        "type": "interactive",
        "interactive": {
            "type": "request_contact_info",
            "body": {"text": "Per richiamarla"},
            "action": {"name": "request_contact_info"},
        },
    },
    {"type": "text", "text": {"body": "Buongiorno", "preview_url": False}},
    {"text": {"body": "Senza tipo: è un testo"}},
    {"type": "text", "text": {"body": "x" * 4096}},
    {"type": "location", "location": {"latitude": 43.77, "longitude": 11.25, "name": "Municipio"}},
    {
        "type": "contacts",
        "contacts": [{"name": {"formatted_name": "Sportello di prova", "first_name": "Sportello"}}],
    },
    {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "header": {"type": "text", "text": "Sportello"},
            "body": {"text": "Le serve altro?"},
            "footer": {"text": "Comune di Esempio"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": f"b{n}", "title": f"Scelta {n}"}} for n in range(3)
                ]
            },
        },
    },
    {
        "type": "interactive",
        "interactive": {
            "type": "list",
            "body": {"text": "Scelga l'ufficio"},
            "action": {
                "button": "Scegli",
                "sections": [
                    {"title": "Uffici", "rows": [{"id": f"r{n}", "title": f"Ufficio {n}"} for n in range(10)]}
                ],
            },
        },
    },
    {
        "type": "interactive",
        "interactive": {
            "type": "cta_url",
            "body": {"text": "La pagina dell'anagrafe"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Apri", "url": "https://www.example.org/anagrafe"},
            },
        },
    },
]
