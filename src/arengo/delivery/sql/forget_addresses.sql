-- What was sent keeps its outcome, but not to whom, nor its words; the platform's own words keep no number either.
UPDATE delivery_delivery d SET address_sealed = '', outgoing_sealed = NULL, message_hash = NULL, message_sealed = NULL,
  reason = regexp_replace(reason, '[0-9]([ ().+-]{0,2}[0-9]){6,}', '…', 'g'), address_hash = sha256(id::text::bytea)
WHERE {{ which }}
