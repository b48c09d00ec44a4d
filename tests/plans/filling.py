# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A copy of every table that grows, in a schema of its own, with 300,000 rows, its indexes and statistics.

A table grows unless it is in ``SMALL``: one that is added later is filled and watched by itself. Rows are made from the
models: ids are the row's number, what is looked up is a hash of it, times go back two minutes a row. ``SHAPE`` says where
that would not be a town that has been at it for years.
"""

from __future__ import annotations

from collections.abc import Collection

from django.apps import apps
from django.db import connection, models

from arengo.core.sealed import LookupField, SealedField

SCHEMA = "many"
ROWS = 300_000

# A handful, or some thousands at most, however long an installation lives.
SMALL = {
    "core_organization", "core_organizationhost", "core_person", "core_membership", "core_staffkey", "core_heartbeat",
    "core_lookupkeys", "core_erasure", "core_attempt", "django_content_type", "django_session", "account_emailaddress",
    "account_emailconfirmation", "mfa_authenticator", "accounts_invitation", "accounts_addresschange",
    "accounts_failurecount", "audience_policy", "audience_topic", "audience_listsettings", "intake_lastwebhook",
    "intake_scrub", "intake_silence", "intake_secondresponder", "core_automaticpace",
    "core_automaticswitch", "delivery_timeline", "delivery_timelineread", "core_automaticcount", "delivery_sender",
    "delivery_messagetemplate", "delivery_price", "delivery_budget", "delivery_lastarrival", "channel_channel", "desk_desk",
    "desk_desk_members", "desk_desk_senders", "desk_lists_promise", "desk_lists_savedview",
    "audience_people_keptcount", "portal_posters_place",
    "desk_hours_timetable", "desk_hours_season", "desk_hours_interval", "desk_hours_closure", "desk_hours_extraopening",
    "audience_quarter", "audience_topics_change", "audience_linking_linkcode",
    "audience_imports_import", "audience_imports_part", "desk_labels_label", "desk_returning_returnrule", "desk_absences_absence",
    "audience_unreached_unreachedrule", "desk_hours_emergencyopening", "desk_hours_outofhourswords", "desk_front_frontpage",
    "audience_inspections_inspection", "audience_inspections_piece",
    "desk_blocks_blocksettings", "desk_redirects_redirectsettings", "desk_redirects_redirect",
    "insights_operatoragreement", "desk_replies_cannedreply", "desk_replies_replyfile", "desk_directory_directoryentry",
    "audience_renewals_renewal", "audience_renewals_renewalmailing",
    "core_retention_retentionperiod", "newsroom_schedule_rhythm", "newsroom_votes_pollwords",
    "audience_personal_personallink", "audience_rights_identitycode",
    "newsroom_review_reviewrule", "newsroom_electoral_electoralperiod",
}  # fmt: skip
# A few a week for years: filled as well, and read from end to end without harm.
SLOW = {
    "audience_rights_rightsrequest": 2_000,
    "audience_rights_objection": 2_000,
    "delivery_fanout": 2_000,
    "delivery_charge": 8_000,  # a few for each mailing, and a day of single messages
    "newsroom_update": 2_000,
    "newsroom_item": 2_000,
    "newsroom_placement": 2_000,
    "newsroom_schedule_appointment": 2_000,
    "newsroom_versions_version": 20_000,  # some ten of each update of a year
    "newsroom_review_review": 2_000,
    "newsroom_comments_comment": 4_000,
    "newsroom_sharing_previewlink": 200,  # of a month
    "newsroom_archive_searchentry": 2_000,
    "newsroom_electoral_electoralreason": 200,
    "newsroom_votes_poll": 2_000,
    "channel_post": 2_000,
    "outlet_byhand_task": 2_000,
    "outlet_byhand_reading": 2_000,
    "audience_overview_listday": 2_000,
    "audience_retention_hold": 2_000,
    "core_retention_retentionrun": 8_000,  # twenty a night, 400 nights
    "audience_unreached_checked": 2_000,
    "audience_double_opt_in_pending": 2_000,  # joins of a week that are not confirmed yet
    "audience_unreached_miss": 1_000,  # numbers that the last mailings did not reach
}
_COUNT_ON = """
SELECT d.objid::regclass::text FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
WHERE d.refobjid = %s::regclass AND d.deptype = 'i'
"""
_OTHERS = ("auth_", "core_person_", "procrastinate_")  # Django's own and the library's

_ENQUIRIES = "(i % 150000) + 1"  # two messages a conversation
_MAILINGS = "i / 2000 * 4 + 4"  # of 2,000 people each; every fourth mailing is kept
_HASH = "substr(sha256(i::text::bytea), 1, 16)"
_COUNTED = {
    "organization_id": "(SELECT min(id) FROM public.core_organization) + i % 60",
    "day": "(now() AT TIME ZONE 'Europe/Rome')::date - i / 300 - 1",
}
SHAPE: dict[str, dict[str, str]] = {
    # A week of lists, of which one waits to be imported.
    "audience_imports_row": {
        "number": "i",
        "state": "CASE WHEN i % 20 = 0 THEN 'ready' ELSE 'joined' END",
        "identity_id": "CASE WHEN i % 20 > 0 THEN i END",
    },
    "intake_journal": {
        "state": "CASE WHEN i % 1000 = 0 THEN 0 WHEN i % 1001 = 0 THEN 2 ELSE 1 END",
        "applied_at": "now()",
        "received_at": "now() - i * interval '4 seconds'",
    },
    # Rows go after 28 days.
    "intake_gap": {"hour": "date_trunc('hour', now()) - (i % 670) * interval '1 hour'", "minutes": "i / 670"},
    "intake_seen": {"at": "now() - i * interval '4 seconds'"},
    "delivery_fanout": {
        "emptied_at": "CASE WHEN i % 4 = 0 THEN NULL ELSE now() END",
        "last_accepted_at": "now() - i * interval '12 hours'",
    },
    # Two thirds of mailings, a third of single messages.
    "delivery_delivery": {
        "fanout_id": f"CASE WHEN i % 3 = 0 THEN NULL ELSE {_MAILINGS} END",
        "state": "CASE WHEN i % 50 = 0 THEN 90 WHEN i % 100 = 1 THEN 17 WHEN i % 5 = 0 THEN 50 ELSE 40 END",
        "failed_at": "CASE WHEN i % 50 = 0 THEN now() END",
        "code": "CASE WHEN i % 50 = 0 THEN 131026 ELSE 0 END",
        "accepted_at": "now()",
        "topic": "CASE WHEN i % 3 = 0 THEN 'conversation:' || i ELSE '' END",
        "message_sealed": "NULL",
    },
    # A mailing that waits: the queue is long. Its oldest rows are withheld, of mailings and single messages.
    "delivery_outbox": {
        "delivery_id": "i",
        "urgency": "2",
        "claim_epoch": "1",
        "claimed_at": "now() - interval '1 hour'",
        "state": "CASE WHEN i < 2000 THEN 20 WHEN i % 1000 < 2 THEN 10 WHEN i % 1000 = 3 THEN 15 WHEN i % 1000 < 30 THEN 5 ELSE 0 END",
        "fanout_id": f"CASE WHEN i % 3 > 0 THEN {_MAILINGS} END",
        "not_before": "now() + (i % 1000 - 4) * interval '1 minute'",
    },
    # Two days of a number that sends all the time, and a night's worth that is over; one in a hundred is in doubt.
    "delivery_acceptances": {"second": "now() - i * interval '0.7 seconds'", "deliveries": "ARRAY[i]"},
    "delivery_doubt": {
        "fanout_id": f"CASE WHEN i % 3 > 0 THEN {_MAILINGS} END",
        "tried_at": "ARRAY[now() - i * interval '0.7 seconds']",
        "neighbours": "CASE WHEN i % 2 = 0 THEN 25 END",
        "weigh_at": "CASE WHEN i % 100 = 1 THEN now() - interval '1 minute' END",
    },
    # Others than those who wait for today's places.
    "delivery_reached": {
        "at": "now() - i * interval '0.5 seconds'",
        "account": "'200000000000001'",
        "address_hash": "sha256((i + 1000000)::text::bytea)",
    },
    "delivery_heard": {
        "at": "now() - i * interval '0.2 seconds'",
        "address_hash": "sha256((i + 2000000)::text::bytea)",
    },
    "delivery_inbound": {"at": "now() - i * interval '0.01 seconds'"},
    "delivery_secondtry": {"at": "now() - i * interval '5 seconds'"},
    "delivery_copy": {
        "at": "now() - i * interval '5 seconds'",
        "message_hash": f"CASE WHEN i % 10 <> 0 THEN {_HASH} END",
    },
    "desk_conversation": {
        "desk_id": "(SELECT min(id) FROM public.desk_desk)",
        "state": "CASE WHEN i % 6 = 0 THEN 'open' ELSE 'closed' END",
        "closed_at": "now()",
        "last_message_id": "i",
        "waiting_since": "CASE WHEN i % 12 = 0 THEN now() - i * interval '2 minutes' END",
        "undelivered_since": "CASE WHEN i % 600 = 6 THEN now() - i * interval '2 minutes' END",
    },
    "desk_message": {
        "conversation_id": _ENQUIRIES,
        "direction": "CASE WHEN i % 2 = 0 THEN 'in' ELSE 'out' END",
        "delivery_id": "CASE WHEN i % 2 = 1 THEN i END",
        "quoted_hash": f"CASE WHEN i % 1000 = 0 THEN {_HASH} END",
        "key": "CASE WHEN i % 2 = 1 THEN i::text ELSE '' END",
    },
    "desk_reaction": {"fanout_id": f"CASE WHEN i % 100 <> 0 THEN {_MAILINGS} END"},
    "desk_attachment": {"state": "'ready'"},
    # One word in every second message, one in 300 of them, one in six; two desks share them, one has little.
    "desk_search_entry": {
        "source": "i",
        "kind": "CASE WHEN i % 50 = 0 THEN 'name' WHEN i % 50 = 1 THEN 'file' ELSE 'message' END",
        "conversation_id": _ENQUIRIES,
        "words": """
            array_to_tsvector(ARRAY['#d' || CASE WHEN i % 1000 = 10 THEN 3 ELSE 1 + i % 2 END,
                '#k' || CASE WHEN i % 50 = 0 THEN 'name' WHEN i % 50 = 1 THEN 'file' ELSE 'message' END])
            || CASE WHEN i % 50 = 0 THEN array_to_tsvector(ARRAY['#n/anna', '#n/esempio' || i % 5000]) ELSE
                to_tsvector('pg_catalog.italian', 'parola' || i % 3000
                || CASE WHEN i % 2 = 0 THEN ' buongiorno' ELSE ' grazie' END
                || CASE WHEN i % 1000 = 7 THEN ' contravvenzione' ELSE '' END
                || CASE WHEN i % 50000 = 9 THEN ' lampione' ELSE '' END) END""",
    },
    # Rows go after some weeks.
    "desk_hours_outofhoursnotice": {"closed_since": "now() - i * interval '4 seconds'"},
    "desk_assignment": {
        "conversation_id": _ENQUIRIES,
        "action": "CASE WHEN i % 3 = 0 THEN 'closed' ELSE 'took' END",
    },
    # Of the last weeks and the next months; what is closed was followed up.
    "desk_follow_ups_followup": {
        "day": "current_date - 30 + i % 300",
        "done_at": "CASE WHEN i % 6 <> 0 THEN now() END",
    },
    # Sixty organizations of five desks each, and as many operators, over a thousand days.
    "insights_countedday": _COUNTED | {"desk_id": "i % 300 + 1", "content": "'{}'"},
    "insights_operatorday": _COUNTED | {"person_id": "i % 300 + 1", "content": "'[]'"},
    "desk_notes_mention": {
        "person_id": "i % 300 + 1",
        "seen_at": "CASE WHEN i % 10 <> 0 THEN now() END",
    },
    "core_auditentry": {"object_id": "i::text"},
    "core_liveevent": {"at": "now() - i * interval '0.012 seconds'"},
    "audience_contact": {
        "name": "CASE WHEN i % 7 > 0 THEN (ARRAY['Anna', 'Bruno', 'Clara', 'Niccolò'])[1 + i % 4] || ' Esempio' || i % 5000 ELSE '' END"
    },
    "audience_formeraddress": {"until": "now() - i * interval '20 seconds'"},
    # Two thirds are on the list; one in fifty stopped news, and two in five chose two or three topics of five.
    "audience_identity": {
        "platform": "'whatsapp'",
        "marketing_stopped_at": "CASE WHEN i % 50 = 1 THEN now() END",
    },
    "audience_subscription": {
        "active": "i % 3 <> 0",
        "ended_at": "CASE WHEN i % 3 = 0 AND i % 3000 <> 0 THEN now() END",
        "replaced_by_id": "CASE WHEN i % 3000 = 0 THEN i - 1 END",  # a few linked two chats
        "frequency": "CASE WHEN i % 50 = 3 THEN 'digests' ELSE '' END",
    },
    "audience_subscription_topics": {
        "subscription_id": "i % 120000 / 2 * 5 + i % 2 + 1",
        "topic_id": "(i % 120000 / 2 + i / 120000) % 5 + 1",
    },
    # One in three left, one in a hundred of them because mailings did not arrive.
    "audience_consent": {
        "action": "CASE WHEN i % 3 = 0 THEN 'withdrawn' ELSE 'given' END",
        "source": "CASE WHEN i % 300 = 0 THEN 'rule' ELSE 'message' END",
        "reason": "CASE WHEN i % 300 = 0 THEN 'invalid' WHEN i % 3 = 0 THEN 'unsubscribed' ELSE '' END",
        "effective": "true",
        "elsewhere": "false",
    },
    "audience_linking_link": {"other_id": "i + 1"},
    "audience_overview_listday": {"day": "current_date - i::integer"},
    "audience_double_opt_in_pending": {"expires_at": "now() + (i - 100) * interval '1 minute'"},
    # A large list that was asked twice; of the second some are still to answer.
    "audience_renewals_asking": {
        "renewal_id": "i % 2 + 1",
        "identity_id": "i / 2 + 1",
        "delivery_id": "i",
        "state": "CASE WHEN i % 20 = 1 THEN 'waiting' WHEN i % 2 = 0 THEN 'unanswered' ELSE 'accepted' END",
    },
    "audience_unreached_checked": {"fanout_id": "i", "mailed_at": "now() - i * interval '12 hours'"},
    "audience_unreached_miss": {"times": "i % 4 + 1", "invalid": "i % 3"},
    # Everybody says in which of five quarters they live; one in fifty wants only digests.
    "audience_subscription_quarters": {"subscription_id": "i", "quarter_id": "i % 5 + 1"},
    "audience_topics_touched": {"change_id": "i / 500 + 1"},
    "channel_post": {"key": "i::text"},
    "newsroom_item": {"position": "1"},
    "newsroom_schedule_appointment": {
        "update_id": "i",
        "at": "now() - i * interval '1 hour'",
        "planned_at": "now() - i * interval '1 hour' - interval '1 day'",
        "state": "'gone'",
    },
    "newsroom_update": {"born_as": "''"},
    "newsroom_versions_version": {"update_id": "i % 2000 + 1", "number": "i / 2000 + 1"},
    # One open poll at a time; votes that wait, and who voted.
    "newsroom_votes_poll": {
        "state": "CASE WHEN i % 200 = 0 THEN 'open' ELSE 'closed' END",
        "code": "gen_random_uuid()",
    },
    "newsroom_votes_pending": {"poll_id": "i % 2000 + 1"},
    "newsroom_votes_voter": {
        "poll_id": "i % 2000 + 1",
        "identity_id": "i / 2000 + 1",
        "closed_at": "now() - i * interval '1 minute'",
    },
    "newsroom_placement": {"outlet": "'list'", "reference": "(i * 4)::text"},
}


def growing() -> list[str]:
    found = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed
    }
    return sorted(table for table in found - SMALL if not table.startswith(_OTHERS))


def watched() -> set[str]:
    """The tables that nothing may read from end to end."""
    return set(growing()) - SLOW.keys()


def fill(organization: int, sender: int, tables: Collection[str] | None = None) -> None:
    """Without statistics yet, as after a restore. ``tables``: only these; the others are those of the test's own database."""
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        for table in growing() if tables is None else tables:
            columns = {
                str(field.column): _value(field, organization, sender)
                for field in by_table[table]._meta.local_concrete_fields
            } | SHAPE.get(table, {})
            cursor.execute(
                f"CREATE UNLOGGED TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING IDENTITY)"
            )
            names = ", ".join(connection.ops.quote_name(name) for name in columns)
            cursor.execute(
                f"INSERT INTO {SCHEMA}.{table} ({names}) "  # noqa: S608  # names of our own
                f"SELECT {', '.join(columns.values())} FROM generate_series(1, {SLOW.get(table, ROWS)}) AS i"
            )
            cursor.execute(_COUNT_ON, [f"{SCHEMA}.{table}"])
            for (sequence,) in cursor.fetchall():
                cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {ROWS + 1}")
            cursor.execute(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s", [table]
            )
            for (definition,) in cursor.fetchall():
                cursor.execute(definition.replace(f" ON public.{table} ", f" ON {SCHEMA}.{table} "))


def analyze() -> None:
    with connection.cursor() as cursor:
        for table in growing():
            cursor.execute(f"ANALYZE {SCHEMA}.{table}")


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _value(field: models.Field, organization: int, sender: int) -> str:  # type: ignore[type-arg]  # whatever it holds
    name = str(field.column)
    if name == "organization_id":
        return str(organization)
    if name == "sender_id":
        return str(sender)
    if field.primary_key:
        return "i"
    if isinstance(field, LookupField):
        length = field.max_length or 32
        return f"substr(sha256(i::text::bytea), 1, {length})"
    if isinstance(field, SealedField):
        return "NULL" if field.null else "'\\x01'"
    if isinstance(field, models.ForeignKey):
        to = field.related_model._meta.db_table
        return "NULL" if field.null and to not in growing() else "1" if to in SMALL else "i"
    if isinstance(field, models.DateTimeField):
        return "NULL" if field.null else "now() - i * interval '2 minutes'"
    if isinstance(field, models.DateField):
        return "NULL" if field.null else "current_date - i % 3650"
    return _plain(field)


def _plain(field: models.Field) -> str:  # type: ignore[type-arg]  # likewise
    if field.null:
        return "NULL"
    kinds: tuple[tuple[type, str], ...] = (
        (models.BinaryField, "'\\x01'"),
        (models.BooleanField, "false"),
        ((models.JSONField), "'{}'"),
        ((models.IntegerField), "0"),
        (models.GenericIPAddressField, "'127.0.0.1'"),
    )
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    if field.get_internal_type() == "ArrayField" or hasattr(field, "base_field"):
        return "'{}'"
    if field.choices and field.default is not models.NOT_PROVIDED and not callable(field.default):
        return f"'{getattr(field.default, 'value', field.default)}'"
    return "'x' || i" if field.unique else "''"
