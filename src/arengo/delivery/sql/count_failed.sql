-- How many of a mailing failed, and how many of those would be written to again.
SELECT count(*), count(*) FILTER (WHERE {{ those }}) FROM delivery_delivery d WHERE {{ which }}
