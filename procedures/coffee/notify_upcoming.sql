-- The row in billing_notices is what makes it once: of two sessions one writes it, and that one tells the user.
-- What is not going to be charged (skipped, prepaid, covered by credit) is no news.

create or replace function coffee.notify_upcoming(p_limit integer default 1000)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now   timestamptz := platform.now();
  v_count bigint;
begin
  if (p_limit >= 1) is not true then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;

  with due as (
    select
      s.id, s.user_id, s.next_period, s.next_billing_at, s.currency,
      coffee._time_before(s.next_billing_at, c.cutoff, s.time_zone) as changeable_until, a.amount
    from coffee.coffee_subscriptions as s
    join coffee.plans as c on c.id = s.plan_id
    join coffee.plans as p on p.id = coffee._plan_of(s, s.next_period)
    cross join lateral coffee._coming_periods(s, 1) as a
    where s.status = 'active'
      and s.pause_at is null
      and s.next_billing_at > v_now
      and s.next_billing_at <= v_now + (select max(p.notice) + interval '1 day' from coffee.plans as p)  -- by index, then exactly
      and coffee._time_before(s.next_billing_at, p.notice, s.time_zone) <= v_now
      and a.amount > 0
      and not exists (select from coffee.billing_notices as n where n.subscription_id = s.id and n.period_index = s.next_period)
    order by s.next_billing_at, s.id
    limit p_limit
  ), noted as (
    insert into coffee.billing_notices as n (subscription_id, period_index, amount, due_at, created_at)
    select d.id, d.next_period, d.amount, d.next_billing_at, v_now
    from due as d
    on conflict (subscription_id, period_index) do nothing
    returning n.subscription_id
  )
  select
    count(coffee._notify(
      d.user_id,
      'payment_upcoming',
      format('다음 정기 결제는 %s %s입니다.', d.amount, d.currency),
      jsonb_build_object(
        'subscription_id', d.id, 'period_index', d.next_period, 'due_at', d.next_billing_at, 'amount', d.amount, 'currency', d.currency,
        'can_skip', d.changeable_until > v_now, 'changeable_until', d.changeable_until
      ),
      format('payment_upcoming:%s:%s', d.id, d.next_period)
    )::text)
  into v_count
  from noted as n
  join due as d on d.id = n.subscription_id;
  return v_count;
end;
$$;

comment on function coffee.notify_upcoming(integer) is $$
Tell users of their next charge, its date and amount, as long before it as the plan says (plans.notice, in the calendar of the
subscription's zone), once for each period; the job coffee.notify_upcoming calls it until there is nobody left. Who skips,
has prepaid or has credit enough is not charged, and not told.
p_limit: how many at most in this call, 1 or more.
Returns: how many were told.
Errors: MF002 coffee_argument_invalid.
Locks: none that anybody waits for.
$$;
