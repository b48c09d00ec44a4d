-- Of each of these citizens the newest reactions that wait for their message are kept.
DELETE FROM desk_reaction WHERE id IN (
  SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY contact_id ORDER BY sent_at DESC, id DESC) AS place
    FROM desk_reaction WHERE contact_id = ANY(%(contacts)s) AND fanout_id IS NULL
  ) AS waiting WHERE place > %(most)s
)
