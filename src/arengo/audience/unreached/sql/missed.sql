-- Deliveries of a mailing that reached nobody: the platform said that nobody is there, or told nothing of them since it took them.
SELECT count(*) FROM delivery_delivery d WHERE {{ which }}
