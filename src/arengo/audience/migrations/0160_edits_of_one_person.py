# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An edit is somebody's. Those that were noted without a person are forgotten: their messages have come long since."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audience", "0140_public_pages_are_watched")]

    operations = [
        migrations.RunSQL("DELETE FROM audience_edited", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="edited", name="audience_edited_once"),
        migrations.AddField(
            model_name="edited",
            name="identity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="audience.identity"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="edited",
            constraint=models.UniqueConstraint(
                fields=("about_hash", "identity", "at"), name="audience_edited_once"
            ),
        ),
    ]
