# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Updates can be put away; that a draft waits is said once. None was before."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0510_palettes_in_english'),
        ('delivery', '0510_cause_of_a_timeline'),
        ('newsroom', '1400_drafts_are_born_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='update',
            name='archived_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='update',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(condition=models.Q(('archived_at__isnull', False)), fields=['organization', '-archived_at'], name='newsroom_update_archived'),
        ),
    ]
