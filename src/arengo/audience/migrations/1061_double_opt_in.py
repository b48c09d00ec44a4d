# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A join may have to be confirmed: the wish in the log, what confirms it, the setting and its words."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_IT = (
    "Vuoi ricevere gli avvisi di {ente}? Rispondi SÌ per confermare. Se non l’hai chiesto tu, non fare niente.\n\n"
    "Come usiamo i tuoi dati: {link_informativa}"
)
_EN = (
    "Do you want to receive the notices of {ente}? Answer YES to confirm. If it was not you who asked, do nothing.\n\n"
    "How we use your data: {link_informativa}"
)
_REASONS = [
    "unsubscribed",
    "platform",
    "invalid",
    "never_reached",
    "topic_ended",
    "merged",
    "erased",
    "bulk",
    "unanswered",
]


def fill(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    settings = apps.get_model("audience", "ListSettings")._base_manager
    settings.filter(organization__language="en").update(confirm_text=_EN)
    settings.exclude(organization__language="en").update(confirm_text=_IT)


class Migration(migrations.Migration):
    dependencies = [("audience", "1060_confirmations")]

    operations = [
        migrations.AddField(
            model_name="listsettings",
            name="confirm_text",
            field=models.TextField(
                blank=True,
                default="",
                max_length=1000,
                verbose_name="a chi si iscrive, per chiedere la conferma",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="listsettings",
            name="double_opt_in",
            field=models.BooleanField(db_default=False, default=False, verbose_name="chi si iscrive deve confermare"),
        ),
        migrations.AddField(
            model_name="listsettings",
            name="confirm_days",
            field=models.PositiveSmallIntegerField(
                db_default=7, default=7, verbose_name="giorni per confermare"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddField(
            model_name="consent",
            name="confirms",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audience.consent",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="action",
            field=models.CharField(
                choices=[
                    ("given", "dato"),
                    ("withdrawn", "revocato"),
                    ("confirmed", "confermato"),
                    ("wished", "da confermare"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="consent", name="audience_consent_reason"),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["given", "confirmed", "wished"]), ("reason", ""))
                | models.Q(("action", "withdrawn"), ("reason__in", _REASONS)),
                name="audience_consent_reason",
            ),
        ),
    ]
