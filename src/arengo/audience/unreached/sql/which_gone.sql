d.fanout_id = %(fanout)s AND d.failed_at IS NOT NULL AND d.code = ANY(%(gone)s::integer[]) AND d.state = {{ DeliveryState.FAILED }}
