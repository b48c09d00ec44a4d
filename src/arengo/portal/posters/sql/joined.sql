-- How many joined by each place's code, ever and lately. Along an index that holds nobody else.
SELECT c.poster, count(*), count(*) FILTER (WHERE c.at >= %(since)s)
FROM audience_consent c
WHERE c.organization_id = %(organization)s AND c.poster <> '' AND c.effective AND c.action = {{ Consent.Action.GIVEN }}
GROUP BY c.poster
