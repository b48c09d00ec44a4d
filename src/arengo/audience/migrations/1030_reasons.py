# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each consent that is withdrawn says why. Those so far: what follows from the door through which they came."""

from django.db import migrations, models

# The log refuses changes; this column did not exist when the rows were written.
FILL = """
ALTER TABLE audience_consent DISABLE TRIGGER audience_consent_append_only;
UPDATE audience_consent SET reason = CASE source WHEN 'platform' THEN 'platform' WHEN 'import' THEN 'bulk' ELSE 'unsubscribed' END
WHERE action = 'withdrawn';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE audience_consent ENABLE TRIGGER audience_consent_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("audience", "1020_rights_of_people")]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unsubscribed", "si è cancellata"),
                    ("platform", "ha premuto stop nell’app"),
                    ("invalid", "il numero non è più valido"),
                    ("never_reached", "non è mai stata raggiunta"),
                    ("topic_ended", "il suo tema è finito"),
                    ("merged", "due schede della stessa persona sono state unite"),
                    ("erased", "i suoi dati sono stati eliminati"),
                    ("bulk", "è uscita con un’operazione su molte persone"),
                ],
                default="",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="source",
            field=models.CharField(
                choices=[
                    ("message", "messaggio del cittadino"),
                    ("platform", "impostazioni di WhatsApp del cittadino"),
                    ("staff", "operatore, su richiesta del cittadino"),
                    ("import", "importazione di un elenco"),
                    ("rule", "regola della lista, applicata da Arengo"),
                    ("page", "pagina personale del cittadino"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("action", "given"), ("reason", ""))
                | models.Q(
                    ("action", "withdrawn"),
                    (
                        "reason__in",
                        [
                            "unsubscribed",
                            "platform",
                            "invalid",
                            "never_reached",
                            "topic_ended",
                            "merged",
                            "erased",
                            "bulk",
                        ],
                    ),
                ),
                name="audience_consent_reason",
            ),
        ),
    ]
