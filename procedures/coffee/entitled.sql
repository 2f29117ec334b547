-- Of each subscription of the user the last row that had begun by then is looked up by its key: rows lie in the order of their numbers.

create or replace function coffee.entitled(p_user_id uuid, p_at timestamptz default null)
  returns boolean
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select exists (
    select
    from coffee.coffee_subscriptions as s
    cross join lateral (select coalesce(p_at, platform.now()) as at) as t
    left join lateral (
      select b.id, b.kind, b.period
      from coffee.billing_periods as b
      where b.subscription_id = s.id and lower(b.period) <= t.at
      order by b.period_index desc, b.part desc
      limit 1
    ) as b on upper(b.period) > t.at
    left join coffee.billing_jobs as j on j.period_id = b.id
    where s.user_id = p_user_id
      and (
        b.kind in ('carried', 'prepaid')
        or b.kind in ('billed', 'changed')
        and (
          j.status = 'succeeded'
          or j.status in ('waiting', 'pending', 'processing') and j.failures = 0
          or j.status in ('pending', 'processing', 'retrying', 'failed') and t.at < s.grace_until
        )
        or s.status = 'past_due' and t.at >= s.past_due_since and t.at < s.grace_until
      )
  )
$$;

comment on function coffee.entitled(uuid, timestamptz) is $$
Whether a user has access by a subscription: in a period that is paid, prepaid, carried over from a pause, or whose charge is under way;
after a charge has failed until its grace ends. Not in one that was skipped, missed, paused, out of stock, or not paid for.
p_user_id: the user.
p_at: the instant, past or to come; null: now. Of what is to come only what has been billed counts.
Returns: true or false; false for a user that there is not.
$$;
