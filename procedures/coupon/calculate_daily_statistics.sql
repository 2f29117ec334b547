-- From the audit, not from the coupons: what happened on a day does not change when the coupon does. Ids of the audit carry their month,
-- so one or two partitions are read, once. Coupons and reservations are looked up one by one, and only for what needs it.
-- An instant belongs to the day that a calendar in the zone shows, not to the hours between two midnights: there are days that have
-- none or two of them.
-- Rows that would stay the same are not written, so calculated_at says since when the figures stand.

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
  elsif p_date not between '2000-01-01' and '2681-12-31' then
    perform platform.fail('coupon_argument_invalid', jsonb_build_object(
      'argument', 'p_date', 'value', p_date, 'problem', 'it is 2000-01-01 to 2681-12-31'
    ));
  end if;

  v_from := (p_date - 1)::timestamp at time zone p_zone;
  v_to := (p_date + 2)::timestamp at time zone p_zone;

  with happened as (
    select
      coalesce(
        (a.details ->> 'policy_id')::bigint,
        (select i.policy_id from coupon.coupon_issues as i where i.id = a.coupon_id)
      ) as policy_id,
      extract(hour from a.created_at at time zone p_zone)::smallint as hour,
      case a.action when 'ISSUED' then 'NEW' when 'REDEEMED' then 'USED' else a.details ->> 'new_status' end as what,
      a.details ->> 'old_status' = 'USED' or a.action = 'ROLLED_BACK' as is_rollback,
      case when 'USED' in (a.details ->> 'old_status', a.details ->> 'new_status') or a.action in ('REDEEMED', 'ROLLED_BACK') then (
        select r.discount_amount from coupon.coupon_reservations as r where r.reservation_id = a.details ->> 'reservation_id'
      ) end as discount_amount
    from coupon.coupon_issue_audit as a
    where a.id >= platform.month_id(v_from, 0)
      and a.id <= platform.month_id(v_to, 1099511627775)
      and a.created_at >= v_from
      and a.created_at < v_to
      and (a.created_at at time zone p_zone)::date = p_date
      and a.action in ('ISSUED', 'STATUS_CHANGED', 'REDEEMED', 'ROLLED_BACK')
  ), figures as (
    select
      h.policy_id,
      h.hour,
      count(*) filter (where h.what = 'NEW') as issued,
      count(*) filter (where h.what = 'RESERVED') as reserved,
      count(*) filter (where h.what = 'USED') as used,
      count(*) filter (where h.is_rollback) as rolled_back,
      count(*) filter (where h.what = 'EXPIRED') as expired,
      count(*) filter (where h.what = 'CANCELLED') as cancelled,
      coalesce(sum(h.discount_amount) filter (where h.what = 'USED'), 0) as discount_amount,
      coalesce(sum(h.discount_amount) filter (where h.is_rollback), 0) as refunded_amount
    from happened as h
    where h.policy_id is not null
    group by h.policy_id, h.hour
  ), gone as (
    delete from coupon.hourly_statistics as s
    where s.date = p_date
      and s.time_zone = p_zone
      and not exists (select from figures as f where f.policy_id = s.policy_id and f.hour = s.hour)
  )
  insert into coupon.hourly_statistics as s (
    time_zone, date, policy_id, hour, issued, reserved, used, rolled_back, expired, cancelled, discount_amount, refunded_amount
  )
  select
    p_zone, p_date, f.policy_id, f.hour, f.issued, f.reserved, f.used, f.rolled_back, f.expired, f.cancelled, f.discount_amount,
    f.refunded_amount
  from figures as f
  order by f.policy_id, f.hour
  on conflict (policy_id, date, time_zone, hour) do update
  set issued = excluded.issued,
    reserved = excluded.reserved,
    used = excluded.used,
    rolled_back = excluded.rolled_back,
    expired = excluded.expired,
    cancelled = excluded.cancelled,
    discount_amount = excluded.discount_amount,
    refunded_amount = excluded.refunded_amount
  where s is distinct from excluded;

  with hours as (
    select s.hour, sum(s.issued) as issued, sum(s.used) as used
    from coupon.hourly_statistics as s
    where s.date = p_date and s.time_zone = p_zone
    group by s.hour
  ), top as (
    select s.policy_id, sum(s.issued) as issued
    from coupon.hourly_statistics as s
    where s.date = p_date and s.time_zone = p_zone and s.issued > 0
    group by s.policy_id
    order by issued desc, s.policy_id
    limit 10
  )
  insert into coupon.daily_statistics as s (
    date, total_issued, total_used, total_reserved, total_expired, total_cancelled, issue_by_hour, usage_by_hour, top_policies,
    calculated_at, created_at
  )
  select
    p_date,
    coalesce(sum(d.issued), 0),
    coalesce(sum(d.used), 0),
    coalesce(sum(d.reserved), 0),
    coalesce(sum(d.expired), 0),
    coalesce(sum(d.cancelled), 0),
    (select coalesce(jsonb_object_agg(h.hour, h.issued), '{}') from hours as h where h.issued > 0),
    (select coalesce(jsonb_object_agg(h.hour, h.used), '{}') from hours as h where h.used > 0),
    (
      select coalesce(
        jsonb_agg(
          jsonb_build_object('policy_id', t.policy_id, 'coupon_name', p.coupon_name, 'issued', t.issued)
          order by t.issued desc, t.policy_id
        ),
        '[]'
      )
      from top as t
      join coupon.coupon_policies as p on p.id = t.policy_id
    ),
    platform.now(),
    platform.now()
  from coupon.hourly_statistics as d
  where d.date = p_date and d.time_zone = p_zone
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
Compute the rows of hourly_statistics and the row of daily_statistics for a local day, or compute them anew: the same day again gives the
same rows. A day that is not over yet is computed as far as it goes. coupon.refresh_daily_statistics calls it every night.
p_date: the local day, from 2000-01-01 to 2681-12-31.
p_zone: IANA name of the time zone whose days and hours are meant. In daily_statistics there is one row for a day, whatever the zone;
hourly_statistics keeps those of each zone.
Returns: 1 when the row of daily_statistics was written, 0 when it was there and the same.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid, MP033 unknown_time_zone.
Source: specification 002, daily_statistics.
$$;
