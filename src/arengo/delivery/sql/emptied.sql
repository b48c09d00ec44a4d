-- A forgotten mailing of which no delivery is left.
UPDATE delivery_fanout f SET emptied_at = now()
WHERE f.id = %(fanout)s AND NOT EXISTS (SELECT FROM delivery_delivery d WHERE d.fanout_id = f.id)
