-- Subscriptions of one state, the newest first, from a place on: those of the next %(walked)s that fit, %(most)s at most. What is
-- asked of each is a scalar subquery, so that it is asked row by row, along an index, and no more often than rows are wanted.
SELECT s.id, s.at FROM ({{ reached }}) AS s
WHERE {{ fitting }}
ORDER BY s.at DESC, s.id DESC LIMIT %(most)s
