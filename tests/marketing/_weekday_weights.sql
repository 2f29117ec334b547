begin;
select plan(9);
\ir budgets.psql

select has_function('marketing', '_weekday_weights', array['bigint', 'date']);
select function_returns('marketing', '_weekday_weights', array['bigint', 'date'], 'numeric[]');
select volatility_is('marketing', '_weekday_weights', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_weekday_weights', array['bigint', 'date']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as id;
select is(marketing._weekday_weights(b.id, '2026-02-28'), null, 'no spend, no weights') from b;
-- 2026-02-28 is a Saturday
select pg_temp.spend(11, '2026-02-14'::date + n, 10 * extract(isodow from '2026-02-14'::date + n)::integer) from generate_series(2, 14) as n;
select is(marketing._weekday_weights(b.id, '2026-02-28'), null, 'less than two weeks are no pattern') from b;
select pg_temp.spend(11, '2026-02-15', 70);
select is(marketing._weekday_weights(b.id, '2026-02-28'), array[20, 40, 60, 80, 100, 120, 140]::numeric[], 'two weeks, from Monday') from b;
select pg_temp.spend(11, '2026-02-10', 1000), pg_temp.spend(12, '2025-12-01', 5000);
select is(marketing._weekday_weights(b.id, '2026-02-28'), array[20, 40, 60, 80, 100, 120, 140]::numeric[], 'whole weeks, of the last eight') from b;
select pg_temp.spend(11, '2026-02-16', 0), pg_temp.spend(11, '2026-02-23', 0), pg_temp.spend(11, '2026-02-08', 30), pg_temp.spend(11, '2026-02-10', 0);
select is(marketing._weekday_weights(b.id, '2026-02-28'), array[0, 40, 60, 80, 100, 120, 170]::numeric[], 'a weekday without spend weighs nothing') from b;

select * from finish();
rollback;
