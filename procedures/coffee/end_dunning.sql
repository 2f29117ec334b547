-- A charge that is at the gateway while the grace ends is waited for: its lease ends by itself.
-- Users are taken with their subscriptions: their rows will say that access has ended, and who waits for neither can wait in no circle.
-- Then the stock of all boxes that will be released, before the first of them is.
-- Whoever wanted to leave at the end of the period, leaves.

create or replace function coffee.end_dunning(p_limit integer default 1000)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now timestamptz := platform.now();
  v_ids uuid[];
begin
  if (p_limit >= 1) is not true then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;

  select array_agg(d.id) into v_ids
  from (
    select s.id
    from coffee.coffee_subscriptions as s
    join coffee.users as u on u.id = s.user_id
    where s.status = 'past_due'
      and s.grace_until <= v_now
      and not exists (
        select
        from coffee.billing_jobs as j
        where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = s.id)
          and j.status = 'processing' and j.next_attempt_at > v_now
      )
    order by s.grace_until, s.id
    limit p_limit
    for no key update of u, s skip locked
  ) as d;
  if v_ids is null then
    return 0;
  end if;

  perform coffee._lock_stock(
    array(select o.id from coffee.subscription_orders as o where o.subscription_id = any (v_ids) and o.status = 'pending')
  );
  perform coffee._close_billing_jobs(
    (
      select array_agg(j.id)
      from coffee.billing_jobs as j
      where j.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = any (v_ids))
        and j.failures > 0 and j.status in ('retrying', 'processing')
    ),
    'failed', 'unpaid', 'payment_failed'
  );

  perform coffee._notify(
    s.user_id, 'payment_given_up', '결제가 확인되지 않아 구독 혜택이 중단되었습니다.',
    jsonb_build_object('subscription_id', s.id, 'past_due_since', s.past_due_since, 'grace_until', s.grace_until),
    format('payment_given_up:%s:%s', s.id, extract(epoch from s.past_due_since))
  )
  from coffee.coffee_subscriptions as s
  where s.id = any (v_ids);

  perform coffee._end_subscription(s.id, v_now, coalesce(s.cancellation_reason, 'payment_failed'))
  from coffee.coffee_subscriptions as s
  join coffee.plans as p on p.id = s.plan_id
  join platform.dunning_policies as d on d.name = p.dunning_policy
  where s.id = any (v_ids) and (d.final_action = 'cancel' or s.cancel_at is not null);

  update coffee.coffee_subscriptions as s
  set status = case d.final_action when 'unpaid' then 'unpaid' else s.status end, grace_until = null, pause_at = null, resume_at = null
  from coffee.plans as p
  join platform.dunning_policies as d on d.name = p.dunning_policy
  where s.id = any (v_ids) and s.status = 'past_due' and p.id = s.plan_id;

  return cardinality(v_ids);
end;
$$;

comment on function coffee.end_dunning(integer) is $$
Give up what was not paid until the end of its grace; the job coffee.end_dunning calls it until there is none left. The bills have failed,
their boxes are released, and the subscription is cancelled, unpaid, or left past due, as its dunning policy says; in each case access ends.
p_limit: how many subscriptions at most in this call, 1 or more.
Returns: how many were given up.
Errors: MF002 coffee_argument_invalid.
Locks: the subscriptions and their users' rows, passing over those of which either is locked; then, as coffee._lock_stock, the stock of
their boxes, and the bills and boxes.
$$;
