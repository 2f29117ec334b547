begin;
select plan(12);
\ir budgets.psql

select has_function('marketing', '_fit_responses', array['bigint', 'date', 'date']);
select function_returns('marketing', '_fit_responses', array['bigint', 'date', 'date'], 'setof record');
select volatility_is('marketing', '_fit_responses', array['bigint', 'date', 'date'], 'stable');
select isnt_definer('marketing', '_fit_responses', array['bigint', 'date', 'date']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-06-01') as id;
insert into marketing.fx_rates (base, quote, date, rate) select 'USD', 'KRW', '2026-05-01'::date + n, 1000 from generate_series(0, 30) as n;
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform, status)
select 30 + n, 1, 'f-' || n, 'F', 'naver_ads', case when n = 6 then 'paused' else 'active' end from generate_series(1, 6) as n;
-- 11: revenue = 400 * cost ^ 0.5; 21: the same in dollars; 12: 13 days; 31: none; 32: no revenue; 33: as much every day; 34: at random; 35: linear
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select c.id, '2026-05-01'::date + n, 1, 1, c.cost, 0, c.revenue, 0, 0, 0, 0
from generate_series(0, 30) as n
cross join lateral (values
  (11, 10000 + 1000 * (n % 7), round(400 * sqrt(10000.0 + 1000 * (n % 7)), 6)),
  (21, 10 + (n % 7), round(400 * sqrt(10000.0 + 1000 * (n % 7)) / 1000, 6)),
  (12, 10000 + 1000 * (n % 7), 100),
  (32, 10000 + 1000 * (n % 7), 0),
  (33, 10000 + n % 2, 5000),
  (34, 10000 + 3000 * (n % 2), case n % 4 when 1 then 9000 when 2 then 9000 else 1000 end),
  (35, 10000 + 1000 * (n % 7), 3 * (10000 + 1000 * (n % 7))),
  (36, 10000 + 1000 * (n % 7), 3 * (10000 + 1000 * (n % 7)))
) as c (id, cost, revenue)
where c.id <> 12 or n < 13;
create temporary table f on commit drop as select f.* from b cross join lateral marketing._fit_responses(b.id, '2026-05-01', '2026-05-31') as f;
select results_eq(
  'select f.campaign_id, f.basis from f order by 1',
  $$ values (11::bigint, 'fitted'), (12, 'too_few_days'), (21, 'fitted'), (31, 'too_few_days'), (32, 'no_revenue'), (33, 'too_even'), (34, 'no_pattern'), (35, 'fitted') $$,
  'what can be learnt of which; those that do not run are left out'
);
select results_eq('select f.elasticity, f.fit from f where f.campaign_id = 11', 'values (0.50, 1.0000)', 'the exponent');
select results_eq('select f.elasticity, f.fit, f.spend, f.days from f where f.campaign_id = 21', $$ select 0.50, 1.0000, f.spend, f.days from f where f.campaign_id = 11 $$, 'in another currency');
select is(
  (select round(f.mean_revenue * f.factor * power(12345 / f.mean_spend, f.elasticity)) from f where f.campaign_id = 11), round(400 * sqrt(12345.0)), 'the curve is the one it was made of'
);
select is((select f.elasticity from f where f.campaign_id = 35), 0.95, 'no curve rises without falling returns');
select results_eq('select f.spend, f.days, f.mean_spend, f.factor from f where f.campaign_id = 31', 'values (0::numeric, 0::bigint, null::numeric, null::numeric)', 'nothing of nothing');
update marketing.campaign_daily set revenue = 0 where campaign_id = 11 and date < '2026-05-04';
select is((select f.basis from b cross join lateral marketing._fit_responses(b.id, '2026-05-01', '2026-05-31') as f where f.campaign_id = 11), 'fitted', 'days without revenue count');
select is((select f.days from b cross join lateral marketing._fit_responses(b.id, '2026-05-25', '2026-06-03') as f where f.campaign_id = 21), 7::bigint, 'days without a rate do not');

select * from finish();
rollback;
