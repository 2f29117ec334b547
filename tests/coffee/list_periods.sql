begin;
select plan(17);

select has_function('coffee', 'list_periods', array['uuid', 'uuid', 'integer', 'integer', 'integer']);
select function_returns('coffee', 'list_periods', array['uuid', 'uuid', 'integer', 'integer', 'integer'], 'setof record');
select volatility_is('coffee', 'list_periods', array['uuid', 'uuid', 'integer', 'integer', 'integer'], 'stable');
select is_definer('coffee', 'list_periods', array['uuid', 'uuid', 'integer', 'integer', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.list_periods(uuid, uuid, integer, integer, integer)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
insert into coffee.roasters (id, name) values ('c0000000-0000-0000-0000-000000000010', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription)
select ('c0000000-0000-0000-0000-00000000001' || n)::uuid, 'c' || n, 'c0000000-0000-0000-0000-000000000010', 'Kenya', n < 5
from generate_series(1, 5) as n;
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
select c.id, c.roaster_id, '100g', 15000 from coffee.coffees as c where c.roaster_id = 'c0000000-0000-0000-0000-000000000010';
create function pg_temp.c(p_n integer) returns uuid language sql as $$select ('c0000000-0000-0000-0000-00000000001' || p_n)::uuid$$;
create function pg_temp.items(variadic p_n integer[]) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('coffee_id', pg_temp.c(n))) from unnest(p_n) as n
$$;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;
create function pg_temp.pay() returns void language sql as $$
  update coffee.billing_jobs set status = 'pending', next_attempt_at = platform.now() where status = 'waiting';
  update coffee.billing_jobs set status = 'processing', lease_token = gen_random_uuid(), attempts = attempts + 1 where status = 'pending';
  insert into coffee.charge_attempts (job_id, attempt, lease_token, result, started_at, finished_at)
  select j.id, j.attempts, j.lease_token, 'succeeded', platform.now(), platform.now() from coffee.billing_jobs as j where j.status = 'processing';
  update coffee.billing_jobs set status = 'succeeded', lease_token = null, next_attempt_at = null, completed_at = platform.now()
  where status = 'processing'
$$;

create function pg_temp.list(p_n integer, p_before integer default null, p_limit integer default 12, p_coming integer default 3)
  returns setof text language sql as $$
  select concat_ws(' ', l.period_index, l.part, l.starts_at at time zone 'Asia/Seoul', l.kind, l.amount, l.payment, l.is_editable)
  from coffee.list_periods(pg_temp.id(p_n), pg_temp.u(p_n), p_before, p_limit, p_coming) as l
$$;
select coffee.process_monthly_billing();
select pg_temp.pay();
set local moadb.now = '2026-02-10 00:00+09';
select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 2);
select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_quantity => 2);
select results_eq(
  'select pg_temp.list(1)',
  $$values
    ('3 1 2026-04-30 09:00:00 coming 30000.00 t'), ('2 1 2026-03-31 09:00:00 skip 0 t'), ('1 1 2026-02-28 09:00:00 coming 60000.00 t'),
    ('0 1 2026-01-31 09:00:00 billed 30000.00 succeeded f')$$,
  'what comes, and what was'
);
select results_eq(
  $$select l.cutoff_at, jsonb_path_query_array(l.changes, '$[*].kind') from coffee.list_periods(pg_temp.id(1), pg_temp.u(1)) as l where l.period_index = 1$$,
  $$values ('2026-02-25 09:00+09'::timestamptz, '["extra"]'::jsonb)$$, 'until when it can be changed, and what was said'
);
select coffee.add_prepaid(pg_temp.id(1), 1);
select results_eq(
  'select pg_temp.list(1, p_limit => 0, p_coming => 1)', $$values ('1 1 2026-02-28 09:00:00 coming 30000.00 t')$$, 'prepaid: the extras only'
);
set local moadb.now = '2026-02-26 00:00+09';
select results_eq(
  'select pg_temp.list(1, p_limit => 0, p_coming => 1)', $$values ('1 1 2026-02-28 09:00:00 coming 30000.00 f')$$, 'after the cut-off'
);
select coffee.pause_subscription(pg_temp.id(2), pg_temp.u(2), 'period_end');
select is_empty('select pg_temp.list(2, p_limit => 0)', 'none comes after a pause');
select coffee.resume_subscription(pg_temp.id(2), pg_temp.u(2));
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2));
select is_empty('select pg_temp.list(2, p_limit => 0)', 'nor after an end');
set local moadb.now = '2026-12-01 00:00+09';
select coffee.process_monthly_billing();
select results_eq(
  'select split_part(l, '' '', 1) from pg_temp.list(3, null, 3, 1) as l', $$values ('11'), ('10'), ('9'), ('8')$$, 'a page'
);
select results_eq(
  'select split_part(l, '' '', 1) from pg_temp.list(3, 8, 3, 1) as l', $$values ('7'), ('6'), ('5')$$, 'and the next'
);
select results_eq(
  $$select l.amount from coffee.list_periods(pg_temp.id(3), pg_temp.u(3), p_limit => 0, p_coming => 2) as l order by l.period_index$$,
  $$values (30000.00), (30000.00)$$, 'without credit'
);
select throws_ok('select coffee.list_periods(pg_temp.id(1), pg_temp.u(1), null, 121)', 'MF002', null, 'too many');
select throws_ok('select coffee.list_periods(pg_temp.id(1), pg_temp.u(1), null, 1, 37)', 'MF002', null, 'too far');
select throws_ok('select coffee.list_periods(pg_temp.id(1), pg_temp.u(2))', 'MF020', null, 'somebody else''s');

select * from finish();
rollback;
