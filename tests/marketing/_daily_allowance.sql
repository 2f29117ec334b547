begin;
select plan(13);
\ir budgets.psql

select has_function('marketing', '_daily_allowance', array['bigint', 'date', 'date']);
select function_returns('marketing', '_daily_allowance', array['bigint', 'date', 'date'], 'numeric');
select volatility_is('marketing', '_daily_allowance', array['bigint', 'date', 'date'], 'stable');
select isnt_definer('marketing', '_daily_allowance', array['bigint', 'date', 'date']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 100000, 'custom', '2026-06-01', '2026-12-31', p_campaign_ids => array[11, 12]::bigint[]) as id;
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-06-30'), null, 'without daily budgets nothing is known') from b;
update marketing.campaigns set daily_budget = 100 where id = 11;
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-06-30'), null, 'all of them have one') from b;
update marketing.campaigns set status = 'paused' where id = 12;
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-06-30'), 3040.0, 'that run: 30.4 times in the month') from b;
select pg_temp.spend(11, '2026-06-10', 200), pg_temp.spend(11, '2026-06-11', 999), pg_temp.spend(11, '2026-05-31', 500);
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-06-30'), 2840.0, 'less what it has spent in it') from b;
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-06-12'), 400.0, 'and not more than twice on a day') from b;
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-08-02'), 2840 + 3040 + 400.0, 'each month for itself') from b;
select pg_temp.spend(11, '2026-06-10', 5000);
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-06-30'), 0.0, 'never less than nothing') from b;
update marketing.campaigns set end_date = '2026-07-01' where id = 11;
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-08-31'), 200.0, 'until it ends') from b;
update marketing.campaigns set status = 'paused' where id = 11;
select is(marketing._daily_allowance(b.id, '2026-06-10', '2026-06-30'), 0::numeric, 'what does not run spends nothing') from b;

select * from finish();
rollback;
