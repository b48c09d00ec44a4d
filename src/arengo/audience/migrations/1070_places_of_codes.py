# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many joined by the code of each place is counted along an index that holds nobody else."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '1050_linked_people'),
        ('core', '0510_palettes_in_english'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(models.Q(('poster', ''), _negated=True), ('action', 'given'), ('effective', True)), fields=['organization', 'poster', 'at'], name='audience_consent_places'),
        ),
    ]
