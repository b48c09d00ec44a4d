-- One row: how many there are of each kind (never more than the limit of a branch), and a page of hits.
-- A name comes first: who types one wants the person.
WITH found AS MATERIALIZED (
{{ branches }}
), ranked AS (
  SELECT kind, source, conversation_id, at, score, row_number() OVER w AS place, count(*) OVER (PARTITION BY conversation_id) AS together
  FROM (
    SELECT id, kind, source, conversation_id, at,
      CASE WHEN kind = 'name' THEN 10 ELSE ts_rank(words, websearch_to_tsquery('pg_catalog.italian', %(web)s)) END AS score
    FROM found WHERE kind = ANY (%(kinds)s)
  ) AS scored
  WINDOW w AS (PARTITION BY conversation_id ORDER BY score DESC, at DESC, id DESC)
)
SELECT
  (SELECT coalesce(jsonb_object_agg(kind, many), '{}') FROM (SELECT kind, count(*) AS many FROM found GROUP BY kind) AS counted),
  (SELECT count(*) FROM ranked WHERE place = 1),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(kind, source, conversation_id, at, together)), '[]')
   FROM (SELECT * FROM ranked WHERE place = 1 ORDER BY {{ order }} LIMIT %(page)s OFFSET %(skip)s) AS shown)
