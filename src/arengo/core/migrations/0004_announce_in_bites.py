from __future__ import annotations

from django.db import migrations

# PostgreSQL refuses a payload of 8,000 bytes and more, and with it the whole transaction: a webhook from a few hundred
# people at once could not be applied. Topics are at most 80 characters long.
ANNOUNCE = """
CREATE OR REPLACE FUNCTION arengo_announce(organization bigint, topics text[]) RETURNS void LANGUAGE sql AS $$
  WITH written AS (
    INSERT INTO core_liveevent (organization_id, topic, at)
    SELECT organization, topic, clock_timestamp() FROM unnest(topics) AS topic
    RETURNING id, topic
  ), bites AS (
    SELECT id, topic, (row_number() OVER (ORDER BY id) - 1) / 60 AS bite FROM written
  )
  SELECT pg_notify('arengo_live', json_build_array(organization, json_agg(json_build_array(id, topic) ORDER BY id))::text)
  FROM bites GROUP BY bite ORDER BY bite
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_heartbeat_detail")]

    operations = [migrations.RunSQL(ANNOUNCE, migrations.RunSQL.noop)]
