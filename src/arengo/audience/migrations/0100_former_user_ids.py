# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models

import arengo.core.sealed


class Migration(migrations.Migration):
    dependencies = [("audience", "0020_personal_keys")]

    operations = [
        migrations.AddField(
            model_name="formeraddress",
            name="user_id_hash",
            field=arengo.core.sealed.LookupField(max_length=32, null=True),
        ),
        migrations.AddIndex(
            model_name="formeraddress",
            index=models.Index(
                condition=models.Q(("user_id_hash__isnull", False)),
                fields=["user_id_hash"],
                name="audience_former_user",
            ),
        ),
    ]
