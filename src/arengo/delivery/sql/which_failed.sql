-- What of a mailing failed, and can still be sent: it has its address.
d.fanout_id = %(fanout)s AND d.state = {{ DeliveryState.FAILED }} AND d.failed_at IS NOT NULL AND d.address_sealed <> ''
