-- How many there are of each kind, counted no further than %(most)s, along an index each: the order is that of the index.
SELECT
  (SELECT count(*) FROM (
    SELECT FROM audience_contact c WHERE c.organization_id = %(organization)s ORDER BY c.name LIMIT %(most)s
  ) AS one),
  (SELECT count(*) FROM (
    SELECT FROM audience_subscription s WHERE s.organization_id = %(organization)s AND s.active
    ORDER BY s.since DESC, s.id DESC LIMIT %(most)s
  ) AS one),
  (SELECT count(*) FROM (
    SELECT FROM audience_subscription s WHERE s.organization_id = %(organization)s AND NOT s.active AND s.ended_at IS NOT NULL
    ORDER BY s.ended_at DESC, s.id DESC LIMIT %(most)s
  ) AS one)
