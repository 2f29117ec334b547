begin;
select plan(8);
\ir budgets.psql

select has_function('marketing', '_budget_spend', array['bigint[]', 'date', 'date']);
select function_returns('marketing', '_budget_spend', array['bigint[]', 'date', 'date'], 'setof record');
select volatility_is('marketing', '_budget_spend', array['bigint[]', 'date', 'date'], 'stable');
select isnt_definer('marketing', '_budget_spend', array['bigint[]', 'date', 'date']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as id;
insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-03-01', 1400.123456789012), ('USD', 'KRW', '2026-03-02', 1401);
select pg_temp.spend(11, '2026-02-28', 5), pg_temp.spend(11, '2026-03-01', 10), pg_temp.spend(21, '2026-03-01', 0.333333), pg_temp.spend(21, '2026-03-02', 2),
  pg_temp.spend(12, '2026-03-20', 7), pg_temp.spend(21, '2026-03-20', 3);
select results_eq(
  $$ select s.date, s.spent, s.missing_rates from marketing._budget_spend(array[(select id from b)], '2026-02-01', '2026-03-31') as s order by 1 $$,
  $$ values
    (date '2026-02-28', 5::numeric, '{}'::text[]), ('2026-03-01', 10 + round(0.333333 * 1400.123456789012, 6), '{}'), ('2026-03-02', 2802, '{}'),
    ('2026-03-20', 7, array['USD/KRW']) $$,
  'day by day, what is known, and what is not'
);
select results_eq(
  $$ select s.date from marketing._budget_spend(array[(select id from b)], '2026-03-02', '2026-03-19') as s $$, $$ values (date '2026-03-02') $$, 'of the days asked for'
);
select is(
  (select sum(s.spent) from marketing._budget_spend(array[(select id from b)], '2026-03-01', '2026-03-19') as s),
  (
    select sum(marketing.convert(d.cost, case d.campaign_id when 21 then 'USD' else 'KRW' end, 'KRW', d.date))
    from marketing.campaign_daily as d
    where d.date between '2026-03-01' and '2026-03-19'
  ),
  'which is what marketing.convert says, row by row'
);
select is((select count(*) from marketing._budget_spend('{}', '2026-03-01', '2026-03-31')), 0::bigint, 'no budget: nothing');

select * from finish();
rollback;
