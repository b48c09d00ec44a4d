# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Subscribers may accept a new version of the texts, and may leave for not answering; what they are thanked with."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_IT = (
    "Grazie: la tua conferma è registrata e continui a ricevere gli avvisi di {ente}. Per uscire scrivi CANCELLAMI."
)
_EN = "Thank you: your answer is recorded and you go on receiving the notices of {ente}. To leave, write STOP."
_REASONS = [
    ("unsubscribed", "si è cancellata"),
    ("platform", "ha premuto stop nell’app"),
    ("invalid", "il numero non è più valido"),
    ("never_reached", "non è mai stata raggiunta"),
    ("topic_ended", "il suo tema è finito"),
    ("merged", "due schede della stessa persona sono state unite"),
    ("erased", "i suoi dati sono stati eliminati"),
    ("bulk", "è uscita con un’operazione su molte persone"),
    ("unanswered", "non ha risposto alla richiesta di conferma"),
]


def fill(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    settings = apps.get_model("audience", "ListSettings")._base_manager
    settings.filter(organization__language="en").update(accepted_text=_EN)
    settings.exclude(organization__language="en").update(accepted_text=_IT)


class Migration(migrations.Migration):
    dependencies = [("audience", "1050_linked_people")]

    operations = [
        migrations.AddField(
            model_name="listsettings",
            name="accepted_text",
            field=models.TextField(
                blank=True, default="", max_length=1000, verbose_name="a chi accetta una nuova versione dei testi"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="consent",
            name="action",
            field=models.CharField(
                choices=[("given", "dato"), ("withdrawn", "revocato"), ("confirmed", "confermato")], max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="reason",
            field=models.CharField(blank=True, choices=_REASONS, default="", max_length=20),
        ),
        migrations.RemoveConstraint(model_name="consent", name="audience_consent_reason"),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["given", "confirmed"]), ("reason", ""))
                | models.Q(("action", "withdrawn"), ("reason__in", [reason for reason, _words in _REASONS])),
                name="audience_consent_reason",
            ),
        ),
    ]
