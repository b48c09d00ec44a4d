d.fanout_id = %(fanout)s AND d.state IN ({{ DeliveryState.ACCEPTED }}, {{ DeliveryState.SENT }})
