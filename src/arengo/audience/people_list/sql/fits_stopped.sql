-- A condition: who stopped news at the platform.
(SELECT i.marketing_stopped_at IS NOT NULL FROM audience_identity i WHERE i.id = s.identity_id)
