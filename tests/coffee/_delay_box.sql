begin;
select plan(26);

select has_function('coffee', '_delay_box', array['coffee.monthly_order_jobs', 'coffee.coffee_subscriptions', 'coffee.plans', 'timestamp with time zone', 'boolean', 'timestamp with time zone', 'text']);
select function_returns('coffee', '_delay_box', array['coffee.monthly_order_jobs', 'coffee.coffee_subscriptions', 'coffee.plans', 'timestamp with time zone', 'boolean', 'timestamp with time zone', 'text'], 'text');
select volatility_is('coffee', '_delay_box', array['coffee.monthly_order_jobs', 'coffee.coffee_subscriptions', 'coffee.plans', 'timestamp with time zone', 'boolean', 'timestamp with time zone', 'text'], 'volatile');
select isnt_definer('coffee', '_delay_box', array['coffee.monthly_order_jobs', 'coffee.coffee_subscriptions', 'coffee.plans', 'timestamp with time zone', 'boolean', 'timestamp with time zone', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._delay_box(coffee.monthly_order_jobs, coffee.coffee_subscriptions, coffee.plans, timestamptz, boolean, timestamptz, text)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table s as select pg_temp.subscriber(u, p.pick) as id, u from p, generate_series(1, 6) as u;
create temporary table b as select pg_temp.bill(s.id, 0, case when s.u in (2, 5, 6) then 2 else 1 end) as id, s.u from s;
create function pg_temp.delay(p_user integer, p_policy text, p_paid boolean, p_error text default null) returns text language plpgsql as $$
begin
  update coffee.plans set oos_policy = p_policy;
  return (
    select coffee._delay_box(j, s, p, upper(d.period), p_paid, platform.now(), p_error)
    from b
    join coffee.monthly_order_jobs as j on j.period_id = b.id and j.box_no = 0
    join coffee.coffee_subscriptions as s on s.id = j.subscription_id
    join coffee.plans as p on p.id = s.plan_id
    join coffee.billing_periods as d on d.id = j.period_id
    where b.u = p_user
  );
end;
$$;
create function pg_temp.state(p_user integer) returns text language sql as $$
  select string_agg(j.status, ' ' order by j.box_no) || ', ' || min(l.status) || ', ' || min(p.kind) || ', ' || min(s.credit_balance)
  from b join coffee.monthly_order_jobs as j on j.period_id = b.id join coffee.billing_jobs as l on l.period_id = b.id
  join coffee.billing_periods as p on p.id = b.id join coffee.coffee_subscriptions as s on s.id = p.subscription_id
  where b.u = $1
$$;
select is(pg_temp.delay(1, 'skip', false), 'skipped', 'a period of one box');
select is(pg_temp.state(1), 'skipped, cancelled, out_of_stock, 0.00', 'is not charged');
select is(pg_temp.delay(2, 'skip', false), 'delayed', 'a period of two');
select is(pg_temp.state(2), 'delayed pending, waiting, billed, 0.00', 'is not dropped for one of them');
select is(pg_temp.delay(3, 'skip', true), 'skipped', 'one that is paid');
select is(pg_temp.state(3), 'skipped, cancelled, out_of_stock, 0.00', 'is dropped, too');
update coffee.monthly_order_jobs as j set status = 'done' from b where j.period_id = b.id and b.u = 5 and j.box_no = 1;
select is(pg_temp.delay(5, 'skip', true), 'skipped', 'one of two that is paid, when the other has left');
select is(pg_temp.state(5), 'skipped done, waiting, billed, 30000.00', 'is credited');
select is(pg_temp.delay(4, 'delay', false), 'delayed', 'where it shall wait');
select is(
  (select j.run_at from coffee.monthly_order_jobs as j join b on b.id = j.period_id and b.u = 4), platform.now() + interval '6 hours', 'for six hours'
);
set local moadb.now = '2026-11-30 23:00-00';
select is(pg_temp.delay(4, 'delay', false), 'delayed', 'near its end');
set local moadb.now = '2026-12-01 09:00+09';
select is(pg_temp.delay(4, 'delay', false, '22012 division by zero'), 'delayed', 'an error is no reason to give it up');
select is(
  (select j.attempts || ' ' || j.last_error from coffee.monthly_order_jobs as j join b on b.id = j.period_id and b.u = 4), '3 22012 division by zero', 'but is known'
);
select is(pg_temp.delay(4, 'delay', false), 'skipped', 'at its end');
select is(pg_temp.state(4), 'skipped, cancelled, out_of_stock, 0.00', 'it is over');
set local moadb.now = '2027-01-01 09:00+09';
select is(pg_temp.delay(6, 'delay', false), 'skipped', 'with all boxes of the period');
select is(pg_temp.state(6), 'skipped skipped, cancelled, out_of_stock, 0.00', 'none of which was paid');
select results_eq(
  $$select n.type, count(*) from coffee.notifications as n where n.type like 'box%' group by 1 order by 1$$,
  $$values ('box_delayed', 2::bigint), ('box_skipped', 5)$$, 'each is told once'
);

-- what was skipped before is no reason to drop the period: it has been credited; extras go with the first box
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 2, 500 from s where s.u = 5;
set local session_replication_role = replica;
update coffee.monthly_order_jobs as j set status = 'pending', run_at = platform.now() from b where j.period_id = b.id and b.u = 5 and j.box_no = 0;
update coffee.monthly_order_jobs as j set status = 'skipped' from b where j.period_id = b.id and b.u = 5 and j.box_no = 1;
set local session_replication_role = origin;
update coffee.coffee_subscriptions as t set credit_balance = 0 from s where s.id = t.id and s.u = 5;
select pg_temp.delay(5, 'skip', true);
select is(pg_temp.state(5), 'skipped skipped, waiting, billed, 31000.00', 'the last of two that are paid is credited, with its extras');
set local session_replication_role = replica;
update coffee.monthly_order_jobs as j set status = 'pending' from b where j.period_id = b.id and b.u = 2 and j.box_no = 0;
update coffee.monthly_order_jobs as j set status = 'done' from b where j.period_id = b.id and b.u = 2 and j.box_no = 1;
set local session_replication_role = origin;
select is(pg_temp.delay(2, 'delay', false), 'skipped', 'one whose other box is packed and not paid yet');
select is(pg_temp.state(2), 'skipped done, waiting, billed, 0.00', 'is credited when the payment comes, not before');

select * from finish();
rollback;
