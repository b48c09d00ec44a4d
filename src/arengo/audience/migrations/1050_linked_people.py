# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of who linked two addresses, one subscription stands for both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '1040_people_are_listed'),
        ('core', '0510_palettes_in_english'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='elsewhere',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='subscription',
            name='replaced_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='audience.identity'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_by__isnull', False)), fields=('replaced_by',), name='audience_sub_replaced'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('replaced_by', None), ('active', False), _connector='OR'), name='audience_sub_one_of_two'),
        ),
    ]
