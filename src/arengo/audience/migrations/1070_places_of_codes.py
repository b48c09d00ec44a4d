# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ways of joining are told apart by the way. How many joined by the code of each place is counted along an index that holds nobody else."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce, NullIf


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '1061_double_opt_in'),
        ('core', '0510_palettes_in_english'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name='consent', name='audience_consent_ways'),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(
                models.F('organization'),
                Coalesce(NullIf(models.F('way'), models.Value('')), models.F('source')),
                models.F('at').desc(),
                models.F('id').desc(),
                condition=models.Q(('action', 'given'), ('effective', True)),
                name='audience_consent_ways',
            ),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(models.Q(('poster', ''), _negated=True), ('action', 'given'), ('effective', True)), fields=['organization', 'poster', 'at'], name='audience_consent_places'),
        ),
    ]
