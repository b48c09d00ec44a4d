-- The oldest mailing past its organization's time, and over, whose deliveries are still there. From now on its counters and the reasons
-- speak for it. One that was begun before comes again until nothing of it is left. Returns it, and the ids between which
-- its deliveries lie.
WITH next AS (
  SELECT f.id FROM delivery_fanout f
  WHERE f.emptied_at IS NULL AND f.id > %(after)s AND f.n_waiting = 0
    AND greatest(f.created_at, f.last_accepted_at) < now() - make_interval(days => coalesce((%(days)s::jsonb ->> f.organization_id::text)::int, %(usual)s))
  ORDER BY f.id LIMIT 1
  FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE delivery_fanout f SET
  forgotten_at = coalesce(f.forgotten_at, now()),
  reasons = coalesce(f.reasons, (
    SELECT coalesce(jsonb_agg(jsonb_build_array(r.code, r.n, r.words) ORDER BY r.n DESC, r.code), '[]')
    FROM (
      -- The platform's words may quote a number.
      SELECT d.code, count(*) AS n, regexp_replace(max(d.reason), '\+?\d{6,}', '…', 'g') AS words
      FROM delivery_delivery d
      WHERE d.fanout_id = f.id AND d.failed_at IS NOT NULL AND d.state = {{ DeliveryState.FAILED }}
      GROUP BY d.code
    ) r
  )),
  -- Mailings of before these were noted. OFFSET 0: along the mailing's own index, and not through all ids up to the first.
  first_delivery = coalesce(f.first_delivery, (
    SELECT min(d.id) FROM (SELECT id FROM delivery_delivery WHERE fanout_id = f.id OFFSET 0) d
  )),
  last_delivery = coalesce(f.last_delivery, (
    SELECT max(d.id) FROM (SELECT id FROM delivery_delivery WHERE fanout_id = f.id OFFSET 0) d
  ))
FROM next WHERE f.id = next.id
RETURNING f.id, f.organization_id, coalesce(f.first_delivery, 0), coalesce(f.last_delivery, -1)
