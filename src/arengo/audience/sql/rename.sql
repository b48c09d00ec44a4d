-- How people call themselves now. Who was erased at this very moment gets no name again; who asked for a name keeps it.
UPDATE audience_contact c SET name = v.name
FROM (
  SELECT l.id, u.name FROM unnest(%(ids)s::bigint[], %(names)s::text[]) AS u (id, name)
  JOIN audience_contact l ON l.id = u.id WHERE l.erased_at IS NULL AND NOT l.name_corrected ORDER BY l.id FOR NO KEY UPDATE OF l
) v WHERE c.id = v.id
