-- The last of those that the walk looks at; nobody where it came to the end of the list.
SELECT s.id, s.at FROM ({{ reached }}) AS s ORDER BY s.at DESC, s.id DESC OFFSET %(walked)s - 1
