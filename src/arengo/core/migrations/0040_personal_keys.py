# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What names a person of the staff in the log is sealed under that person's own key; erasures are noted."""

import arengo.core.personal_keys
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from arengo.core.vault import Vault, vault


def seal_labels(apps, schema_editor):
    """The names in the log so far, each under its person's key."""
    entries = apps.get_model("core", "AuditEntry").objects.exclude(person=None)
    keys = apps.get_model("core", "StaffKey").objects
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER core_audit_append_only")
        for person_id in entries.order_by().values_list("person", flat=True).distinct():
            sealed = keys.create(person_id=person_id).key_sealed
            own = Vault([(f"staffkey:{person_id}", vault().open(sealed, purpose="personal key"))])
            for pk, label in entries.filter(person=person_id).values_list("pk", "person_label"):
                entries.filter(pk=pk).update(label_sealed=own.seal_text(label, purpose="log"))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER core_audit_append_only")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0031_lookup_keys_are_made'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffKey',
            fields=[
                ('key_sealed', models.BinaryField(default=arengo.core.personal_keys.new_key)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='log_key', serialize=False, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='auditentry',
            name='label_sealed',
            field=models.BinaryField(null=True),
        ),
        migrations.RunPython(seal_labels, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='auditentry',
            name='person_label',
        ),
        migrations.AddField(
            model_name='person',
            name='erased_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_type', models.CharField(max_length=60)),
                ('object_id', models.CharField(max_length=60)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tables', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), default=list, size=None)),
                ('unfinished', models.PositiveSmallIntegerField(default=0)),
                ('xid', models.BigIntegerField(default=0)),
                ('rewritten_at', models.DateTimeField(null=True)),
                ('log_position', models.CharField(blank=True, max_length=30)),
                ('gone_at', models.DateTimeField(null=True)),
                ('obstacles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['object_type', 'object_id'], name='core_erasure_of'), models.Index(condition=models.Q(('gone_at__isnull', True)), fields=['at'], name='core_erasure_left')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
