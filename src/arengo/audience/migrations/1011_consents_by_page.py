# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log of one organization is read page by page, for the proofs of everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '1010_ways_and_terms'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['organization', 'id'], name='audience_consent_log'),
        ),
    ]
