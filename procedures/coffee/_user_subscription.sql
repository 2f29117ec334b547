create or replace function coffee._user_subscription(
  p_user_id uuid, out tier text, out type text, out expires_at timestamptz, out lab_pro boolean
)
  returns record
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select
    case when count(*) > 0 then 'subscriber' else 'free' end,
    (array_agg(s.type order by s.started_at desc, s.subscription_no desc))[1],
    case when bool_and(s.ends_at is not null) then max(s.ends_at) end,
    coalesce(bool_or(s.includes_lab_pro), false)
  from (
    select
      s.type, s.started_at, s.subscription_no, s.includes_lab_pro,
      case when s.status = 'past_due' then s.grace_until else coalesce(s.cancel_at, s.pause_at) end as ends_at
    from coffee.coffee_subscriptions as s
    where s.user_id = p_user_id
      and (s.status in ('active', 'pending_cancel') or s.status = 'past_due' and s.grace_until is not null)
  ) as s
$$;

comment on function coffee._user_subscription(uuid) is $$
What coffee.users says of a user's subscriptions. Those that are paused, unpaid, past their grace or cancelled do not count.
p_user_id: the user.
Returns: one row: tier (subscriber, or free without one), type (of the newest), expires_at (when the last of them ends; null while one
renews, or there is none), lab_pro.
$$;
