-- Put into a sweep's own database: writes down what must never happen, and what must be known afterwards.
CREATE TABLE faults_backwards (delivery_id bigint, old_state smallint, new_state smallint, at timestamptz DEFAULT clock_timestamp());
CREATE TABLE faults_uncertain (delivery_id bigint PRIMARY KEY, at timestamptz DEFAULT clock_timestamp());

-- From «unknown» on a state only grows; nobody presses «send again» in a sweep.
CREATE FUNCTION faults_note_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state < OLD.state AND OLD.state >= 17 THEN
    INSERT INTO faults_backwards (delivery_id, old_state, new_state) VALUES (NEW.id, OLD.state, NEW.state);
  END IF;
  IF NEW.state = 15 THEN
    INSERT INTO faults_uncertain (delivery_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER faults_note_delivery AFTER UPDATE OF state ON delivery_delivery
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION faults_note_delivery();

CREATE FUNCTION faults_note_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO faults_uncertain (delivery_id) VALUES (NEW.delivery_id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER faults_note_outbox AFTER UPDATE OF state ON delivery_outbox
  FOR EACH ROW WHEN (NEW.state = 15) EXECUTE FUNCTION faults_note_outbox();
