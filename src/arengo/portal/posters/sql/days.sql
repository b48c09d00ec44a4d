-- How many joined by each place's code, by day.
SELECT (c.at AT TIME ZONE %(zone)s)::date, c.poster, count(*)
FROM audience_consent c
WHERE c.organization_id = %(organization)s AND c.poster <> '' AND c.effective AND c.action = {{ Consent.Action.GIVEN }}
  AND c.at >= %(start)s AND c.at < %(end)s
GROUP BY 1, 2
