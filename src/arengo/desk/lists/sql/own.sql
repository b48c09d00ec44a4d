-- What a page of the desk needs to know before it asks for anything: what was announced to the lists lately, as something that changes
-- with each announcement, also of a transaction that ended after younger ones; which desks there are, and which of them are this
-- member's own; the person's views, their open conversations by desk, how many notes call them; the promise.
SELECT
  (SELECT concat_ws('-', count(*), max(e.id), sum(e.id)) FROM (
     SELECT id, organization_id, topic FROM core_liveevent ORDER BY id DESC LIMIT 500
   ) AS e WHERE e.organization_id = %(organization)s AND e.topic = 'inbox'),
  (SELECT coalesce(max(id), 0) FROM core_liveevent),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(d.id, d.name, d.everyone, m.id IS NOT NULL) ORDER BY d."order", d.id), '[]')
   FROM desk_desk d LEFT JOIN desk_desk_members m ON m.desk_id = d.id AND m.membership_id = %(membership)s
   WHERE d.organization_id = %(organization)s),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(v.id, v.name, v.query) ORDER BY v.made_at, v.id), '[]')
   FROM (SELECT * FROM desk_lists_savedview WHERE organization_id = %(organization)s AND person_id = %(person)s
         ORDER BY made_at, id LIMIT %(views)s) AS v),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(h.desk_id, h.many)), '[]')
   FROM (SELECT c.desk_id, count(*) AS many
         FROM (SELECT desk_id FROM desk_conversation
               WHERE organization_id = %(organization)s AND assignee_id = %(person)s AND state = {{ Conversation.State.OPEN }}
               LIMIT %(most)s) AS c GROUP BY c.desk_id) AS h),
  (SELECT count(*) FROM (SELECT FROM desk_notes_mention
   WHERE organization_id = %(organization)s AND person_id = %(person)s AND seen_at IS NULL LIMIT %(most)s) AS n),
  (SELECT minutes FROM desk_lists_promise WHERE organization_id = %(organization)s LIMIT 1)
