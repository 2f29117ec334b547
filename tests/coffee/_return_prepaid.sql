begin;
select plan(14);
\ir shop.psql

select has_function('coffee', '_return_prepaid', array['bigint[]']);
select function_returns('coffee', '_return_prepaid', array['bigint[]'], 'void');
select volatility_is('coffee', '_return_prepaid', array['bigint[]'], 'volatile');
select isnt_definer('coffee', '_return_prepaid', array['bigint[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._return_prepaid(bigint[])', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-10 10:00+09';
create temporary table s as
select n, ('f0000000-0000-0000-0000-0000000000a' || n)::uuid as u, coffee.subscribe(('f0000000-0000-0000-0000-0000000000a' || n)::uuid, -1, '{"street": "1"}',
  p_anchor_at => case n when 3 then '2031-02-20' else '2031-01-10' end::timestamp at time zone 'Asia/Seoul' + interval '10 hours') as id
from generate_series(1, 3) as n;
select coffee.add_prepaid(s.id, 1) from s;
create function pg_temp.has(p_n integer) returns text language sql as $$
  select c.prepaid_remaining || ' and ' || c.credit_balance::integer from s join coffee.coffee_subscriptions as c on c.id = s.id where s.n = $1
$$;
select coffee.add_one_time(s.id, s.u, 'f0000000-0000-0000-0000-0000000000c4', p_period => 0) from s where s.n = 3;
update coffee.coffee_inventory set is_available = false;
select pg_temp.run('2031-01-10 10:00+09');
select is(pg_temp.has(1), '0 and 0', 'it is used');

-- the box never comes, and meanwhile one of them has changed to years
select results_eq(
  $$select c.charged from s cross join lateral coffee.change_plan(s.id, s.u, -5) as c where s.n = 2$$, 'values (0::numeric)', 'a year is to follow'
);
select pg_temp.run('2031-02-09 10:00+09');
select pg_temp.run('2031-02-10 09:00+09');
select pg_temp.run('2031-02-10 16:00+09');
select is(pg_temp.has(1), '1 and 0', 'another month is prepaid instead');
select is(pg_temp.has(2), '0 and 30000', 'a month is no year: its worth is credited');
select is(
  (select b.kind from s join coffee.billing_periods as b on b.subscription_id = s.id and b.period_index = 1 where s.n = 2), 'billed', 'and the year is paid'
);

-- extras of a prepaid month that are not paid
update coffee.coffee_inventory set is_available = true;
select pg_temp.run('2031-02-20 10:00+09', 'failed', true);
select is((select c.status::text from s join coffee.coffee_subscriptions as c on c.id = s.id where s.n = 3), 'past_due', 'an extra is not paid');
update coffee.coffee_subscriptions as c set pending_plan_id = -6, pending_plan_period = 1, pending_price = 60000 from s where s.id = c.id and s.n = 3;
select coffee._close_billing_jobs(array[j.id], 'failed', 'unpaid', 'payment_failed')
from s join coffee.billing_jobs as j on j.subscription_id = s.id and j.status = 'retrying' where s.n = 3;
select is(pg_temp.has(3), '0 and 30000', 'a dearer plan is to begin: credited');

select coffee._return_prepaid(array[-1]);
select is(pg_temp.has(3), '0 and 30000', 'none, nothing');
select coffee.retry_charge(s.id, s.u) from s where s.n = 3;
select pg_temp.run('2031-02-21 09:00+09');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
