-- What of a mailing is unknown, and can still be sent.
d.fanout_id = %(fanout)s AND d.state = {{ DeliveryState.UNKNOWN }} AND d.address_sealed <> ''
