# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a placement keeps is the same for every outlet: a reference, an address, and the outlet's own details."""

import django.contrib.postgres.fields
from django.db import migrations, models

_FORWARD = """
UPDATE newsroom_placement
SET reference = fanout_id::text,
    detail = jsonb_strip_nulls(jsonb_build_object(
        'media_id', nullif(media_id, ''), 'spared', nullif(spared, 0)))
WHERE outlet = 'list' AND (fanout_id IS NOT NULL OR media_id <> '');
UPDATE newsroom_placement
SET reference = post_id::text, url = '/canale/' || post_id || '/'
WHERE outlet = 'channel' AND post_id IS NOT NULL;
"""
# What was placed at an outlet that the former version does not know stays as it is, without a mailing or a post.
_BACK = """
UPDATE newsroom_placement placement
SET fanout_id = (SELECT id FROM delivery_fanout WHERE id::text = placement.reference),
    media_id = coalesce(detail ->> 'media_id', ''),
    spared = coalesce((detail ->> 'spared')::integer, 0)
WHERE outlet = 'list';
UPDATE newsroom_placement placement
SET post_id = (SELECT id FROM channel_post WHERE id::text = placement.reference)
WHERE outlet = 'channel';
UPDATE newsroom_placement SET state = 'done' WHERE state = 'person';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
_STATES = [("waiting", "in preparazione"), ("person", "aspetta una persona"), ("done", "uscito"), ("failed", "non uscito")]


class Migration(migrations.Migration):

    dependencies = [
        ("channel", "0001_initial"),
        ("delivery", "0001_initial"),
        ("newsroom", "0120_spared"),
    ]

    operations = [
        migrations.AlterField(
            "update",
            "outlets",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=40), default=list, size=None, verbose_name="dove esce"
            ),
        ),
        migrations.AlterField("placement", "outlet", models.CharField(max_length=40)),
        migrations.AlterField(
            "placement", "state", models.CharField(choices=_STATES, default="waiting", max_length=10)
        ),
        migrations.AddField("placement", "reference", models.CharField(blank=True, max_length=200, default=""), False),
        migrations.AddField("placement", "url", models.TextField(blank=True, default=""), False),
        migrations.AddField("placement", "detail", models.JSONField(default=dict)),
        # Here the rows are copied: the old columns are still there, in both directions.
        migrations.RunSQL(_FORWARD, _BACK),
        migrations.RemoveField("placement", "fanout"),
        migrations.RemoveField("placement", "post"),
        migrations.RemoveField("placement", "media_id"),
        migrations.RemoveField("placement", "spared"),
        migrations.AddIndex(
            "placement", models.Index(fields=["outlet", "reference"], name="newsroom_placement_reference")
        ),
    ]
