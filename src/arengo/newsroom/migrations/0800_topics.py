# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Updates of before went to everybody, and so do those that name no topic."""

    dependencies = [("newsroom", "0701_any_kind")]

    operations = [
        migrations.AddField(
            "update",
            "topics",
            django.contrib.postgres.fields.ArrayField(
                models.BigIntegerField(), blank=True, default=list, size=None, verbose_name="temi"
            ),
        ),
        migrations.AddField(
            "update",
            "topic_names",
            django.contrib.postgres.fields.ArrayField(
                models.TextField(), blank=True, default=list, size=None
            ),
        ),
    ]
