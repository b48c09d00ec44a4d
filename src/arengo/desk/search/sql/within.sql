-- The hits of one conversation, the newest first: by these the preview goes up and down.
SELECT kind, source, at FROM (
{{ branches }}
) AS found WHERE kind = ANY (%(kinds)s) ORDER BY at DESC, id DESC LIMIT %(most)s
