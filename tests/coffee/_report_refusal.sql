begin;
select plan(8);
\ir shop.psql

select has_function('coffee', '_report_refusal', array['uuid', 'timestamp with time zone', 'text', 'text']);
select function_returns('coffee', '_report_refusal', array['uuid', 'timestamp with time zone', 'text', 'text'], 'void');
select volatility_is('coffee', '_report_refusal', array['uuid', 'timestamp with time zone', 'text', 'text'], 'volatile');
select isnt_definer('coffee', '_report_refusal', array['uuid', 'timestamp with time zone', 'text', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._report_refusal(uuid, timestamptz, text, text)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
select coffee._report_refusal(s.id, '2031-01-31 09:00+09', '23505', 'twice') from s;
select coffee._report_refusal(s.id, '2031-02-28 09:00+09', '23505', 'twice') from s;
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.billing_refused'), 1::bigint, 'told once');
select is(
  (select t.payload - 'subscription_id' - 'as_of' from platform.tasks as t where t.topic = 'coffee.billing_refused'),
  '{"period": 0, "sqlstate": "23505", "problem": "twice"}', 'what is wrong'
);
select coffee._report_refusal(s.id, '2031-02-28 09:00+09', '22003', 'too large') from s;
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.billing_refused'), 2::bigint, 'another problem');

select * from finish();
rollback;
