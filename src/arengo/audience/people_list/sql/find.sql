-- Citizens whose name has these parts. Of a part that many have, as many as %(most)s are looked at, in no order; then they are
-- put into the order of names, without accents, and a page of them is given, with how many were found.
WITH found AS MATERIALIZED (
  SELECT c.id, lower(regexp_replace(normalize(c.name, NFKD), '[\u0300-\u036f]', '', 'g')) AS name
  FROM audience_contact c
  WHERE audience_name_parts(c.name) @@ %(parts)s::tsquery AND c.name <> ''
    AND c.organization_id = %(organization)s AND c.erased_at IS NULL
  LIMIT %(most)s
)
SELECT (SELECT count(*) FROM found), array(
  SELECT f.id FROM found f
  WHERE %(after)s = 0 OR (f.name, f.id) > (SELECT a.name, a.id FROM found a WHERE a.id = %(after)s)
  ORDER BY f.name, f.id LIMIT %(page)s
)
