-- Moves deliveries forward with what is known now: the answer to a send, or receipts. One row a delivery; the caller merged.
-- Returns the screens to tell, and single messages whose id is not sealed yet. The last column is true in one row where something
-- went back into the outbox while this waited for it (retry.sql, second_try.sql): its place there is newer than what this
-- statement sees, and the same news once more finds it (moves.overtaken).
-- Whatever order news comes in, a state never goes back, a time once set stays, and each counter counts a delivery once.
WITH news AS (
  SELECT delivery_id AS id, coalesce(state, {{ DeliveryState.QUEUED }}) AS state, message_hash, message_sealed, accepted_at AS accepted,
    sent_at AS sent, delivered_at AS delivered, read_at AS read, failed_at AS failed, coalesce(code, 0) AS code,
    coalesce(reason, '') AS reason, billable, coalesce(category, '') AS category, coalesce(answered, false) AS answered, tried_at AS tried
  FROM json_to_recordset(%(rows)s::json) AS n (
    delivery_id bigint, state smallint, message_hash bytea, message_sealed bytea, accepted_at timestamptz, sent_at timestamptz, delivered_at timestamptz,
    read_at timestamptz, failed_at timestamptz, code integer, reason text, billable boolean, category text, answered boolean, tried_at timestamptz
  )
  ORDER BY delivery_id
), step AS (
  SELECT n.*, b.state AS old_state, b.accepted_at IS NULL AS not_accepted, b.delivered_at IS NULL AS not_delivered,
    b.read_at IS NULL AS not_read,
    b.delivered_at IS NULL OR b.billable IS NULL AS not_charged,
    -- An id that only a receipt told gives way to the one in the answer to our own send, and is kept beside it (Copy).
    CASE WHEN n.answered AND b.message_hash <> n.message_hash THEN b.message_hash END AS replaced_hash,
    CASE
      -- Cancelled, and yet the platform tells of it: it left in a time that the database has lost (delivery/timeline).
      WHEN b.state = {{ DeliveryState.CANCELLED }} AND n.state >= {{ DeliveryState.ACCEPTED }} AND (n.failed IS NULL OR n.state >= {{ DeliveryState.DELIVERED }}) THEN n.state
      WHEN b.state >= {{ DeliveryState.FAILED }} THEN b.state  -- failed and cancelled are final
      WHEN n.failed IS NOT NULL AND greatest(b.state, n.state) < {{ DeliveryState.DELIVERED }} THEN {{ DeliveryState.FAILED }}  -- what was delivered did not fail
      ELSE greatest(b.state, n.state)
    END AS new_state
  FROM news n
  -- One after the other, in the order of their ids: the dispatcher and several readers move the same rows and must not
  -- wait in a circle.
  CROSS JOIN LATERAL (
    SELECT d.state, d.accepted_at, d.delivered_at, d.read_at, d.billable, d.message_hash FROM delivery_delivery d
    WHERE d.id = n.id AND d.sender_id = %(sender)s
    FOR NO KEY UPDATE
  ) AS b
), moved AS (
  UPDATE delivery_delivery d SET
    state = s.new_state,
    -- The first id stays. Who was erased or forgotten gets none back, however late a receipt comes.
    message_hash = CASE WHEN (d.message_hash IS NULL AND d.address_sealed <> '') OR s.replaced_hash IS NOT NULL
      THEN s.message_hash ELSE d.message_hash END,
    message_sealed = CASE WHEN (d.message_hash IS NULL AND d.address_sealed <> '') OR s.replaced_hash IS NOT NULL
      THEN s.message_sealed ELSE d.message_sealed END,
    accepted_at = coalesce(d.accepted_at, s.accepted),
    sent_at = coalesce(d.sent_at, s.sent),
    delivered_at = coalesce(d.delivered_at, s.delivered),
    read_at = coalesce(d.read_at, s.read),
    failed_at = CASE WHEN s.new_state = {{ DeliveryState.FAILED }} THEN coalesce(d.failed_at, s.failed) ELSE d.failed_at END,
    -- Why it failed stays; why it had to wait is of no interest once it left.
    code = CASE WHEN s.new_state = {{ DeliveryState.FAILED }} AND s.old_state <> {{ DeliveryState.FAILED }} THEN s.code WHEN s.new_state < {{ DeliveryState.FAILED }} THEN 0 ELSE d.code END,
    reason = CASE WHEN s.new_state = {{ DeliveryState.FAILED }} AND s.old_state <> {{ DeliveryState.FAILED }} THEN s.reason WHEN s.new_state < {{ DeliveryState.FAILED }} THEN '' ELSE d.reason END,
    billable = coalesce(s.billable, d.billable),
    price_category = CASE WHEN s.category <> '' THEN s.category ELSE d.price_category END
  FROM step s WHERE d.id = s.id
  RETURNING d.id, d.sender_id, d.fanout_id, d.organization_id, d.topic,
    (s.not_accepted AND d.accepted_at IS NOT NULL)::int AS accepted,
    (s.not_delivered AND d.delivered_at IS NOT NULL)::int AS delivered,
    (s.not_read AND d.read_at IS NOT NULL)::int AS read,
    (s.new_state = {{ DeliveryState.FAILED }} AND s.old_state <> {{ DeliveryState.FAILED }})::int AS failed,
    (s.old_state = {{ DeliveryState.CANCELLED }} AND s.new_state <> {{ DeliveryState.CANCELLED }})::int AS went,
    (s.new_state = {{ DeliveryState.UNKNOWN }} AND s.old_state <> {{ DeliveryState.UNKNOWN }})::int - (s.old_state = {{ DeliveryState.UNKNOWN }} AND s.new_state <> {{ DeliveryState.UNKNOWN }})::int AS unknown,
    d.accepted_at,
    s.not_charged AND d.delivered_at IS NOT NULL AND d.billable IS NOT NULL AS charged, d.delivered_at, d.billable, d.price_category,
    -- A single message that only a receipt identified: its id is still to be sealed (receipts.py).
    CASE WHEN d.fanout_id IS NULL AND d.message_sealed IS NULL AND d.message_hash IS NOT NULL THEN d.id END AS unsealed, d.message_hash
), decided AS (
  -- ANY (ARRAY (…)): by the primary key, whatever the planner believes of a queue that was long a minute ago.
  DELETE FROM delivery_outbox WHERE delivery_id = ANY (ARRAY (SELECT id FROM step WHERE new_state > {{ DeliveryState.UNCERTAIN }}))
  RETURNING delivery_id, fanout_id
), replaced AS (
  INSERT INTO delivery_copy (delivery_id, organization_id, sender_id, message_hash, at)
  SELECT d.id, d.organization_id, d.sender_id, s.replaced_hash, now()
  FROM step s JOIN moved d ON d.id = s.id WHERE s.replaced_hash IS NOT NULL
  ON CONFLICT DO NOTHING
), doubtful AS (
  -- Receipts never say so; it is the owner of the claim who does.
  UPDATE delivery_outbox SET state = {{ OutboxState.UNCERTAIN }}, claimed_at = now(),
    tried_at = coalesce((SELECT s.tried FROM step s WHERE s.id = delivery_id), claimed_at)
  WHERE delivery_id = ANY (ARRAY (SELECT id FROM step WHERE new_state = {{ DeliveryState.UNCERTAIN }})) AND state = {{ OutboxState.CLAIMED }}
), noted AS (
  -- Which went at the same moment: evidence about those whose answer is lost (weigh.sql).
  INSERT INTO delivery_acceptances (organization_id, sender_id, second, deliveries)
  SELECT organization_id, %(sender)s, date_trunc('second', accepted_at), array_agg(id)
  FROM moved WHERE accepted = 1 GROUP BY 1, 3
), charged AS (
  -- What arrived and has a price, once: platforms charge for what they deliver, and the receipt that says so may come first or last.
  INSERT INTO delivery_charge (organization_id, sender_id, fanout_id, day, category, billable, count)
  SELECT m.organization_id, m.sender_id, m.fanout_id, (m.delivered_at AT TIME ZONE o.time_zone)::date, m.price_category, m.billable, count(*)
  FROM moved m JOIN core_organization o ON o.id = m.organization_id
  WHERE m.charged GROUP BY 1, 2, 3, 4, 5, 6
  ORDER BY 3 NULLS FIRST, 4, 5, 6  -- one after the other, as all that is locked here
  ON CONFLICT (sender_id, fanout_id, day, category, billable) DO UPDATE SET count = delivery_charge.count + excluded.count
), counted AS (
  UPDATE delivery_fanout f SET
    n_waiting = n_waiting - t.decided,
    n_accepted = n_accepted + t.accepted, n_delivered = n_delivered + t.delivered, n_read = n_read + t.read,
    n_failed = n_failed + t.failed, n_unknown = n_unknown + t.unknown,
    n_cancelled = n_cancelled - t.went,
    first_accepted_at = least(f.first_accepted_at, t.first_accepted),
    last_accepted_at = greatest(f.last_accepted_at, t.last_accepted)
  FROM (
    SELECT c.* FROM (
      SELECT fanout_id, sum(accepted) AS accepted, sum(delivered) AS delivered, sum(read) AS read, sum(failed) AS failed,
        sum(unknown) AS unknown, sum(went) AS went, min(accepted_at) FILTER (WHERE accepted = 1) AS first_accepted,
        max(accepted_at) FILTER (WHERE accepted = 1) AS last_accepted,
        (SELECT count(*) FROM decided d WHERE d.fanout_id = moved.fanout_id) AS decided
      FROM moved WHERE fanout_id IS NOT NULL GROUP BY fanout_id ORDER BY fanout_id
    ) c
    -- The mailings too one after the other, after the deliveries: an UPDATE alone takes them as they come.
    CROSS JOIN LATERAL (SELECT FROM delivery_fanout WHERE id = c.fanout_id FOR NO KEY UPDATE) AS turn
  ) t
  WHERE f.id = t.fanout_id
  RETURNING f.organization_id, f.topic
)
SELECT DISTINCT organization_id, topic, NULL::bigint AS unsealed, NULL::bytea AS message_hash, false AS overtaken FROM moved WHERE topic <> ''
UNION
SELECT organization_id, topic, NULL, NULL, false FROM counted WHERE topic <> ''
UNION ALL
SELECT organization_id, '', unsealed, message_hash, false FROM moved WHERE unsealed IS NOT NULL
UNION ALL
SELECT NULL, '', NULL, NULL, true
WHERE EXISTS (SELECT FROM step WHERE old_state <= {{ DeliveryState.UNCERTAIN }} AND new_state > {{ DeliveryState.UNCERTAIN }} AND id NOT IN (SELECT delivery_id FROM decided))
