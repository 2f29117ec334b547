begin;
select plan(7);

select has_function('coffee', '_running_period', array['uuid', 'timestamp with time zone']);
select function_returns('coffee', '_running_period', array['uuid', 'timestamp with time zone'], 'coffee.billing_periods');
select volatility_is('coffee', '_running_period', array['uuid', 'timestamp with time zone'], 'stable');
select isnt_definer('coffee', '_running_period', array['uuid', 'timestamp with time zone']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email) values ('c0000000-0000-0000-0000-000000000001', '1@example.com');
create temporary table s as
select coffee.subscribe('c0000000-0000-0000-0000-000000000001', coffee.create_plan('t', 'T', 'monthly_pick', 30000), '{"a": 1}') as id;
select is((coffee._running_period(s.id, platform.now())).id, null, 'none before it is billed') from s;
select coffee.process_monthly_billing();
select is((coffee._running_period(s.id, '2026-02-28 08:59:59+09')).period_index, 0, 'until the period ends') from s;
select is((coffee._running_period(s.id, '2026-02-28 09:00+09')).id, null, 'not after') from s;

select * from finish();
rollback;
