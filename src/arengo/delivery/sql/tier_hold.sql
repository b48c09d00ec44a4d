-- Today's people are used up: what would need one more waits until enough of yesterday's are a day ago. The first in line
-- get the first places that come free, alerts before all; beyond a day's worth, the day after. It is a plan: when its time
-- comes each is looked at again. News that stands in line is told so at once, before anybody claims it for nothing.
WITH mine AS (
  SELECT o.delivery_id, o.urgency FROM delivery_outbox o
  WHERE o.delivery_id = ANY(%(ids)s) AND o.state = {{ OutboxState.CLAIMED }} AND o.claim_epoch = %(epoch)s
), ready AS (
  SELECT delivery_id FROM delivery_outbox
  WHERE sender_id = %(sender)s AND state = {{ OutboxState.READY }} AND urgency = {{ Urgency.NEWS }} AND fanout_id IS NOT NULL
  ORDER BY delivery_id LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED
), others AS (
  -- OFFSET 0: one look by key for each of these, and no reading of whole tables.
  SELECT o.delivery_id
  FROM ready o
  CROSS JOIN LATERAL (SELECT address_hash FROM delivery_delivery WHERE id = o.delivery_id OFFSET 0) AS d
  WHERE NOT EXISTS (
    SELECT FROM delivery_reached r WHERE r.organization_id = %(organization)s AND r.account = %(account)s
      AND r.address_hash = d.address_hash AND r.at > now() - %(day)s
    OFFSET 0
  ) AND NOT EXISTS (
    SELECT FROM delivery_heard h
    WHERE h.sender_id = %(sender)s AND h.address_hash = d.address_hash AND h.at > now() - %(window)s
    OFFSET 0
  )
), waiting AS (
  SELECT delivery_id, urgency = {{ Urgency.ALERT }} AS alert FROM mine UNION ALL SELECT delivery_id, false FROM others
), before AS (
  SELECT count(*) AS n FROM delivery_outbox
  WHERE sender_id = %(sender)s AND state = {{ OutboxState.LATER }} AND held
    AND delivery_id < (SELECT min(delivery_id) FROM waiting WHERE NOT alert)
), line AS (
  SELECT delivery_id,
    row_number() OVER (PARTITION BY alert ORDER BY delivery_id) - 1
      + CASE WHEN alert THEN 0 ELSE (SELECT n FROM before) END AS place
  FROM waiting
), over AS (
  -- Above the limit (it was lowered) those that come free first free nothing.
  SELECT greatest(0, count(*) - %(tier)s) AS n FROM delivery_reached
  WHERE organization_id = %(organization)s AND account = %(account)s AND at > now() - %(day)s
), free AS (
  SELECT at + %(day)s AS at, row_number() OVER (ORDER BY at) - 1 - (SELECT n FROM over) AS place
  FROM delivery_reached
  WHERE organization_id = %(organization)s AND account = %(account)s AND at > now() - %(day)s
    AND EXISTS (SELECT FROM line)
), plan AS (
  SELECT l.delivery_id, coalesce(f.at, now() + %(day)s) + (l.place / %(tier)s) * %(day)s AS at
  FROM line l LEFT JOIN free f ON f.place = l.place %% %(tier)s
), told AS (
  UPDATE delivery_outbox o
  SET state = {{ OutboxState.LATER }}, held = true, not_before = p.at, claimed_at = NULL,
    attempts = CASE WHEN o.state = {{ OutboxState.CLAIMED }} THEN greatest(o.attempts - 1, 0) ELSE o.attempts END
  FROM plan p WHERE o.delivery_id = p.delivery_id
  RETURNING o.fanout_id
)
SELECT DISTINCT f.topic FROM told t JOIN delivery_fanout f ON f.id = t.fanout_id WHERE f.topic <> ''
