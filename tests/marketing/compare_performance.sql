begin;
select plan(17);

select has_function('marketing', 'compare_performance', array['bigint', 'date', 'date', 'date', 'date', 'text', 'text', 'bigint[]']);
select function_returns('marketing', 'compare_performance', array['bigint', 'date', 'date', 'date', 'date', 'text', 'text', 'bigint[]'], 'setof record');
select volatility_is('marketing', 'compare_performance', array['bigint', 'date', 'date', 'date', 'date', 'text', 'text', 'bigint[]'], 'stable');
select is_definer('marketing', 'compare_performance', array['bigint', 'date', 'date', 'date', 'date', 'text', 'text', 'bigint[]']);
select ok(has_function_privilege('marketing_app', 'marketing.compare_performance(bigint, date, date, date, date, text, text, bigint[])', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.compare_performance(bigint, date, date, date, date, text, text, bigint[])', 'execute'), 'operators may');

\ir figures.psql
select pg_temp.fact(11, '2026-03-02', null, 1000, 10, 100, 2, 300), pg_temp.fact(11, '2026-02-02', null, 500, 10, 50, 0, 300), pg_temp.fact(12, '2026-02-02', null, 100, 0, 5, 0, 0),
  pg_temp.fact(21, '2026-03-02', null, 100, 1, 5, 1, 9), pg_temp.fact(22, '2026-03-02', null, 100, 1, 0, 1, 0);
create function pg_temp.compared(p_group text, p_metric text) returns text language sql as $$
  select concat_ws(' ', c.currency, coalesce(trim_scale(c.value)::text, '-'), coalesce(trim_scale(c.compare_value)::text, '-'), coalesce(trim_scale(c.change)::text, '-'), coalesce(trim_scale(c.change_percent)::text, '-'))
  from marketing.compare_performance(1, '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28') as c
  where c.group_name is not distinct from p_group and c.metric = p_metric
$$;
select is((select count(*) from marketing.compare_performance(1, '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28')), 48::bigint, 'twelve metrics for each of four groups');
select is(pg_temp.compared('google_search', 'impressions'), 'KRW 1000 500 500 100', 'twice as many');
select is(pg_temp.compared('google_search', 'ctr'), 'KRW 1 2 -1 -50', 'a ratio is compared, too');
select is(pg_temp.compared('google_search', 'conversions'), 'KRW 2 0 2 -', 'no per cent of nothing');
select is(pg_temp.compared('google_search', 'cpa'), 'KRW 50 - - -', 'nor of what is not known');
select is(pg_temp.compared('youtube', 'cost'), 'KRW 0 5 -5 -100', 'a group that has no figures any more');
select is(pg_temp.compared('facebook', 'cost'), 'KRW - 0 - -', 'a rate is missing');
select is(pg_temp.compared(null, 'clicks'), 'KRW 1 0 1 -', 'campaigns without a channel');
select is((select c.value from marketing.compare_performance(1, '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28', 'workspace', 'USD') as c where c.metric = 'impressions'), 1200::numeric, 'as a whole');
select throws_ok($$ select * from marketing.compare_performance(1, '2026-03-01', '2026-03-31', '2026-02-28', '2026-02-01') $$, 'MM005', null, 'a period is a period');
select pg_temp.act_as(3);
select throws_ok($$ select * from marketing.compare_performance(1, '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28') $$, 'MM001', null, 'for members');
reset role;

select * from finish();
rollback;
