# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long numbers are usually silent, the silences that are longer, and second responders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0020_message_ids_hashed'),
        ("intake", "0100_not_before"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Silence',
            fields=[
                ('sender', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='delivery.sender')),
                ('since', models.DateTimeField()),
                ('usual_minutes', models.IntegerField()),
                ('asked_at', models.DateTimeField(null=True)),
                ('asked', models.PositiveSmallIntegerField(default=0)),
                ('answer', models.CharField(blank=True, max_length=12)),
                ('code', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SecondResponder',
            fields=[
                ('sender', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='delivery.sender')),
                ('since', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('minutes', models.IntegerField()),
                ('count', models.IntegerField()),
                ('sender', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='delivery.sender')),
            ],
            options={
                'indexes': [models.Index(fields=['hour'], name='intake_gap_age')],
                'constraints': [models.UniqueConstraint(fields=('sender', 'hour', 'minutes'), name='intake_gap_once')],
            },
        ),
    ]
