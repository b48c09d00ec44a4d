-- How many of these hashes.
SELECT count(*) FROM unnest(%(hashes)s::bytea[]) AS h (hash) WHERE {{ which }}
