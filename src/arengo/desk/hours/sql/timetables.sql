-- All that says when these desks, or all that are in service, are open, one row a desk, as the arrays that ``timetable.py`` declares.
-- What ended before %(since)s is left out: nobody counts opening minutes that far back.
SELECT d.id, d.name, d.slug,
  jsonb_build_array(
    coalesce(t.national_holidays, true),
    coalesce(t.patron_month, 0),
    coalesce(t.patron_day, 0),
    coalesce(t.patron_name, ''),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(i.weekday, i.opens, i.closes) ORDER BY i.weekday, i.opens), '[]')
     FROM desk_hours_interval i WHERE i.desk_id = d.id AND i.season_id IS NULL),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(s.name, s.first_month, s.first_day, s.last_month, s.last_day,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(i.weekday, i.opens, i.closes) ORDER BY i.weekday, i.opens), '[]')
        FROM desk_hours_interval i WHERE i.season_id = s.id)) ORDER BY s.first_month, s.first_day, s.id), '[]')
     FROM desk_hours_season s WHERE s.desk_id = d.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(c.first_day, c.from_minute, c.last_day, c.until_minute, c.reason)
       ORDER BY c.first_day, c.id), '[]')
     FROM desk_hours_closure c WHERE c.desk_id = d.id AND c.last_day >= %(since)s::date),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(x.day, x.opens, x.closes, x.reason) ORDER BY x.day, x.opens), '[]')
     FROM desk_hours_extraopening x WHERE x.desk_id = d.id AND x.day >= %(since)s::date),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(e.id, e.starts_at, least(e.until, e.closed_at), e.reason) ORDER BY e.starts_at), '[]')
     FROM desk_hours_emergencyopening e WHERE e.desk_id = d.id AND e.until >= %(since)s),
    o.time_zone
  )
FROM desk_desk d JOIN core_organization o ON o.id = d.organization_id LEFT JOIN desk_hours_timetable t ON t.desk_id = d.id
WHERE d.organization_id = %(organization)s AND CASE WHEN %(desks)s::bigint[] IS NULL THEN d.active ELSE d.id = ANY(%(desks)s) END
ORDER BY d."order", d.id
