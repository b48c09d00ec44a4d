-- Whether anything is to be sent, or is on its way. Orders that only the outbox's own indexes can give (claim.sql), however
-- long the planner believes the queue to be.
SELECT coalesce(
  (SELECT true FROM delivery_outbox WHERE state = {{ OutboxState.READY }} ORDER BY sender_id, urgency, delivery_id + 0 LIMIT 1),
  (
    SELECT true FROM delivery_outbox
    WHERE state IN ({{ OutboxState.CLAIMED }}, {{ OutboxState.UNCERTAIN }}) AND state = {{ OutboxState.CLAIMED }}
    ORDER BY sender_id, state, delivery_id LIMIT 1
  ),
  false
)
