begin;
select plan(10);
\ir shop.psql

select has_function('coffee', '_lower_value', array['bigint', 'numeric']);
select function_returns('coffee', '_lower_value', array['bigint', 'numeric'], 'numeric');
select volatility_is('coffee', '_lower_value', array['bigint', 'numeric'], 'volatile');
select isnt_definer('coffee', '_lower_value', array['bigint', 'numeric']);
select ok(not has_function_privilege('coffee_app', 'coffee._lower_value(bigint, numeric)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select pg_temp.run('2031-01-31 09:00+09');
create temporary table b as select b.id from s join coffee.billing_periods as b on b.subscription_id = s.id;
select pg_temp.run('2031-02-10 09:00+09');
select coffee.pause_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1'), coffee.resume_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1') from s;
create function pg_temp.parts() returns numeric[] language sql as $$ select array_agg(b.value order by b.part) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
select is(pg_temp.parts(), array[10714.00, 19286], 'two parts are worth together what was paid');
select is(coffee._lower_value(b.id, 20000), 20000.00, 'so much is there') from b;
select is(pg_temp.parts(), array[10000.00, 0], 'the last part first');
select is(coffee._lower_value(b.id, 20000), 10000.00, 'and then what is left') from b;
select is(coffee._lower_value(b.id, 1), 0.00, 'and no more') from b;

select * from finish();
rollback;
