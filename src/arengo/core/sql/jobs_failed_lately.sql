-- Jobs that failed in the last day.
SELECT count(*) FROM procrastinate_jobs j WHERE j.status = {{ Status.FAILED }} AND EXISTS (
  SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'failed' AND e.at > now() - interval '1 day'
)
