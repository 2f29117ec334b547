-- From the audit, not from the coupons: what happened on a day does not change when the coupon does. Ids of the audit carry their month,
-- so one or two partitions are read, once.
-- A row that would stay the same is not written, so calculated_at says since when the figures stand.

create or replace function coupon.calculate_daily_statistics(p_date date, p_zone text default 'Asia/Seoul')
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from    timestamptz;
  v_to      timestamptz;
  v_written bigint;
begin
  if p_date is null or p_zone is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_date is null then 'p_date' else 'p_zone' end));
  elsif not exists (select from pg_timezone_names as z where z.name = p_zone) then
    perform platform.fail('unknown_time_zone', jsonb_build_object('time_zone', p_zone));
  end if;

  v_from := p_date::timestamp at time zone p_zone;
  v_to := (p_date + 1)::timestamp at time zone p_zone;

  with happened as (
    select
      case a.action when 'ISSUED' then 'NEW' else a.details ->> 'new_status' end as what,
      extract(hour from a.created_at at time zone p_zone)::integer as hour,
      (a.details ->> 'policy_id')::bigint as policy_id,
      count(*) as times
    from coupon.coupon_issue_audit as a
    where a.id >= platform.month_id(v_from, 0)
      and a.id <= platform.month_id(v_to, 1099511627775)
      and a.created_at >= v_from
      and a.created_at < v_to
      and a.action in ('ISSUED', 'STATUS_CHANGED')
    group by 1, 2, 3
  ), figures as (
    select
      coalesce(sum(h.times) filter (where h.what = 'NEW'), 0)::integer as issued,
      coalesce(sum(h.times) filter (where h.what = 'USED'), 0)::integer as used,
      coalesce(sum(h.times) filter (where h.what = 'RESERVED'), 0)::integer as reserved,
      coalesce(sum(h.times) filter (where h.what = 'EXPIRED'), 0)::integer as expired,
      coalesce(sum(h.times) filter (where h.what = 'CANCELLED'), 0)::integer as cancelled
    from happened as h
  ), hours as (
    select
      coalesce(jsonb_object_agg(h.hour, h.issued) filter (where h.issued > 0), '{}') as issued,
      coalesce(jsonb_object_agg(h.hour, h.used) filter (where h.used > 0), '{}') as used
    from (
      select h.hour, sum(h.times) filter (where h.what = 'NEW') as issued, sum(h.times) filter (where h.what = 'USED') as used
      from happened as h
      group by h.hour
    ) as h
  ), top as (
    select coalesce(
      jsonb_agg(
        jsonb_build_object('policy_id', t.policy_id, 'coupon_name', t.coupon_name, 'issued', t.issued)
        order by t.issued desc, t.policy_id
      ),
      '[]'
    ) as policies
    from (
      select h.policy_id, p.coupon_name, sum(h.times) as issued
      from happened as h
      join coupon.coupon_policies as p on p.id = h.policy_id
      where h.what = 'NEW'
      group by h.policy_id, p.coupon_name
      order by issued desc, h.policy_id
      limit 10
    ) as t
  )
  insert into coupon.daily_statistics as s (
    date, total_issued, total_used, total_reserved, total_expired, total_cancelled, issue_by_hour, usage_by_hour, top_policies,
    calculated_at, created_at
  )
  select
    p_date, f.issued, f.used, f.reserved, f.expired, f.cancelled, h.issued, h.used, t.policies, platform.now(), platform.now()
  from figures as f
  cross join hours as h
  cross join top as t
  on conflict (date) do update
  set total_issued = excluded.total_issued,
    total_used = excluded.total_used,
    total_reserved = excluded.total_reserved,
    total_expired = excluded.total_expired,
    total_cancelled = excluded.total_cancelled,
    issue_by_hour = excluded.issue_by_hour,
    usage_by_hour = excluded.usage_by_hour,
    top_policies = excluded.top_policies,
    calculated_at = excluded.calculated_at
  where (
      s.total_issued, s.total_used, s.total_reserved, s.total_expired, s.total_cancelled, s.issue_by_hour, s.usage_by_hour, s.top_policies
    )
    is distinct from (
      excluded.total_issued, excluded.total_used, excluded.total_reserved, excluded.total_expired, excluded.total_cancelled,
      excluded.issue_by_hour, excluded.usage_by_hour, excluded.top_policies
    );

  get diagnostics v_written = row_count;
  return v_written;
end;
$$;

comment on function coupon.calculate_daily_statistics(date, text) is $$
Compute the row of daily_statistics for a local day, or compute it anew: the same day again gives the same row. A day that is not over
yet is computed as far as it goes. coupon.refresh_daily_statistics calls it every night.
p_date: the local day.
p_zone: IANA name of the time zone whose days and hours are meant; there is one row for a day, whatever the zone.
Returns: 1 when the row was written, 0 when it was there and the same.
Errors: MC001 coupon_argument_missing, MP033 unknown_time_zone.
Source: specification 002, daily_statistics.
$$;
