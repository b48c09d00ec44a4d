# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message holds beyond words; what a closing ended, so that it can be undone.

New columns whose default is a constant: PostgreSQL keeps it beside the table and rewrites neither.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "1020_lists")]

    operations = [
        migrations.AddField("message", "content", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("assignment", "waiting_since", models.DateTimeField(null=True)),
        migrations.AddField("assignment", "unread", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AlterField(
            "assignment",
            "action",
            models.CharField(
                choices=[
                    ("took", "presa in carico"),
                    ("released", "rilasciata"),
                    ("assigned", "assegnata"),
                    ("closed", "chiusa"),
                    ("reopened", "riaperta"),
                    ("moved", "passata a un altro sportello"),
                    ("undone", "chiusura annullata"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "message",
            "kind",
            models.CharField(
                choices=[
                    ("text", "testo"),
                    ("image", "foto"),
                    ("video", "video"),
                    ("audio", "messaggio vocale"),
                    ("document", "documento"),
                    ("sticker", "adesivo"),
                    ("location", "posizione"),
                    ("contacts", "contatto"),
                    ("choice", "scelta"),
                    ("form", "modulo compilato"),
                    ("order", "ordine"),
                    ("call", "chiamata senza risposta"),
                    ("system", "avviso di WhatsApp"),
                    ("unsupported", "messaggio di un tipo che WhatsApp non ci consegna"),
                ],
                default="text",
                max_length=12,
            ),
        ),
    ]
