# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What names a citizen in the consent log is sealed under that citizen's own key."""

import arengo.core.personal_keys
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from arengo.core.vault import Vault, vault


def seal_consents(apps, schema_editor):
    """The consents so far. Of who was erased nothing that names them stays, as from now on."""
    consents = apps.get_model("audience", "Consent").unscoped
    keys = apps.get_model("audience", "ContactKey").unscoped
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audience_consent DISABLE TRIGGER audience_consent_append_only")
        consents.filter(identity=None).update(text_sealed=None)
        known = consents.exclude(identity=None).select_related("identity").order_by("identity__contact", "pk")
        own, key = None, None
        for consent in known.iterator():
            contact_id = consent.identity.contact_id
            if key is None or key.contact_id != contact_id:
                key = keys.create(organization_id=consent.organization_id, contact_id=contact_id)
                own = Vault([(f"contactkey:{key.pk}", vault().open(key.key_sealed, purpose="personal key"))])
            message_id = consent.message_id
            text = vault().open_text(consent.text_sealed, purpose="consent") if consent.text_sealed else ""
            consents.filter(pk=consent.pk).update(
                key_id=key.pk,
                subject_sealed=own.seal_text(bytes(consent.subject_hash).hex(), purpose="consent subject"),
                message_hash=own.lookup(message_id) if message_id else None,
                message_id_sealed=own.seal_text(message_id, purpose="consent message") if message_id else None,
                text_sealed=own.seal_text(text, purpose="consent text") if text else None,
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audience_consent ENABLE TRIGGER audience_consent_append_only")


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '0004_guards'),
        ('core', '0040_personal_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_sealed', models.BinaryField(default=arengo.core.personal_keys.new_key)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_sealed', models.BinaryField()),
                ('until', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='consent',
            name='audience_consent_once',
        ),
        migrations.RemoveIndex(
            model_name='consent',
            name='audience_consent_subject',
        ),
        migrations.AddField(
            model_name='consent',
            name='message_hash',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='consent',
            name='message_id_sealed',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='consent',
            name='subject_sealed',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='contactkey',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='audience.contact'),
        ),
        migrations.AddField(
            model_name='contactkey',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization'),
        ),
        migrations.AddField(
            model_name='consent',
            name='key',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='audience.contactkey'),
        ),
        migrations.RunPython(seal_consents, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='consent',
            name='message_id',
        ),
        migrations.RemoveField(
            model_name='consent',
            name='subject_hash',
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('message_hash__isnull', False)), fields=('identity', 'message_hash'), name='audience_consent_once'),
        ),
        migrations.AddField(
            model_name='formeraddress',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='audience.contact'),
        ),
        migrations.AddField(
            model_name='formeraddress',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization'),
        ),
        migrations.AddIndex(
            model_name='formeraddress',
            index=models.Index(fields=['until'], name='audience_former_until'),
        ),
    ]
