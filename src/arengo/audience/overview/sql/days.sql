-- How many came onto the list and left it, by day, way and reason. Rows of before ways were kept have only a source.
SELECT (c.at AT TIME ZONE %(zone)s)::date AS day, c.action, CASE WHEN c.action = {{ Consent.Action.GIVEN }} THEN coalesce(nullif(c.way, ''), c.source) ELSE c.reason END AS which,
  count(*)
FROM audience_consent c
WHERE c.organization_id = %(organization)s AND c.effective AND c.at >= %(start)s AND c.at < %(end)s
GROUP BY 1, 2, 3
