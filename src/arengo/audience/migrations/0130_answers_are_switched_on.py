from django.db import migrations

# Until now a text that was worded was sent.
_AS_BEFORE = """
INSERT INTO core_automaticswitch (organization_id, kind, "on")
SELECT s.organization_id, k.kind, true
FROM audience_listsettings s
CROSS JOIN LATERAL (VALUES
  ('audience.welcome', s.welcome_text), ('audience.already', s.already_text),
  ('audience.goodbye', s.goodbye_text), ('audience.not_subscribed', s.not_subscribed_text)
) AS k (kind, words)
WHERE trim(k.words) <> ''
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("audience", "0120_edits_and_stopped_news"), ("core", "0130_automatic_messages")]

    operations = [migrations.RunSQL(_AS_BEFORE, migrations.RunSQL.noop)]
