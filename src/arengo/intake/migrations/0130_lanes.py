# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0120_silences_and_responders")]

    operations = [
        migrations.AddField(
            model_name="journal", name="lane", field=models.CharField(db_default="", max_length=10)
        ),
        migrations.AddField(
            model_name="journal",
            name="people",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), null=True, size=None
            ),
        ),
        migrations.AlterField(
            model_name="journal",
            name="state",
            field=models.SmallIntegerField(
                choices=[(0, "Waiting"), (1, "Applied"), (2, "Marked"), (3, "Behind")], db_default=0
            ),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=models.Index(
                condition=models.Q(("state", 3)), fields=["lane", "sender", "id"], name="intake_behind"
            ),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state", 3)), fields=["people"], name="intake_behind_people"
            ),
        ),
    ]
