-- Of each word the lexeme by which the index knows it; '' of a stop word.
SELECT w, coalesce((tsvector_to_array(to_tsvector('pg_catalog.italian', w)))[1], '') FROM unnest(%(words)s::text[]) AS w
