begin;
select plan(38);
\ir budgets.psql

select has_function('marketing', 'propose_reallocation', array['bigint', 'integer', 'numeric', 'numeric', 'numeric']);
select function_returns('marketing', 'propose_reallocation', array['bigint', 'integer', 'numeric', 'numeric', 'numeric'], 'setof record');
select volatility_is('marketing', 'propose_reallocation', array['bigint', 'integer', 'numeric', 'numeric', 'numeric'], 'stable');
select is_definer('marketing', 'propose_reallocation', array['bigint', 'integer', 'numeric', 'numeric', 'numeric']);

select ok(has_function_privilege('marketing_app', 'marketing.propose_reallocation(bigint, integer, numeric, numeric, numeric)', 'execute'), 'applications may call it');
set local moadb.now = '2026-06-01 12:00+09';
-- 11 and 12 answer by the square root, 11 twice as much; 31 has run for some days only; 32 does not run
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform, status)
select 30 + n, 1, 'f-' || n, 'F', 'naver_ads', case when n = 2 then 'ended' else 'active' end from generate_series(1, 2) as n;
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select c.id, '2026-05-02'::date + n, 1, 1, 10000 + 1000 * (n % 5), 0, round(c.factor * sqrt(10000.0 + 1000 * (n % 5)), 6), 0, 0, 0, 0
from generate_series(0, 29) as n
cross join (values (11, 800), (12, 400), (31, 400), (32, 400)) as c (id, factor)
where c.id <> 31 or n < 10;
create temporary table b on commit drop as
select marketing.create_budget(1, 'June', 840001, 'monthly', '2026-06-01') as id, marketing.create_budget(1, 'Past', 840001, 'monthly', '2026-04-01') as past;
create temporary table before on commit drop as
select (select sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del) from pg_stat_xact_user_tables as s where s.schemaname in ('marketing', 'platform')) as writes;
select marketing.act_as(3);
create temporary table p on commit drop as select p.* from b cross join lateral marketing.propose_reallocation(b.id) as p;
select is(
  (select sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del) from pg_stat_xact_user_tables as s where s.schemaname in ('marketing', 'platform')), (select writes from before), 'it writes nothing'
);
select results_eq(
  'select p.campaign_id, p.basis, p.days, p.currency from p order by 1',
  $$ values (11::bigint, 'fitted', 30, 'KRW'), (12, 'fitted', 30, 'KRW'), (21, 'too_few_days', 0, 'KRW'), (31, 'too_few_days', 10, 'KRW') $$, 'each campaign that runs'
);
select is((select sum(p.current_amount) from p), 840001::numeric, 'what is left, as it is');
select is((select sum(p.proposed_amount) from p), 840001::numeric, 'and as it is proposed, to the last won');
select is((select sum(p.change_amount) from p), 0::numeric, 'one''s more is another''s less');
select results_eq('select p.change_amount from p where p.basis <> ''fitted''', 'values (0::numeric), (0::numeric)', 'too little is known of some: they stay');
select is((select p.current_amount from p where p.campaign_id = 31), 120000::numeric, 'with their part of what was spent');
select cmp_ok((select p.change_amount from p where p.campaign_id = 11), '>', 0::numeric, 'more to the one that brings more');
-- the best division is 4 to 1, but 12 keeps half of its 360000
select results_eq(
  'select p.campaign_id, p.current_amount, p.proposed_amount from p where p.basis = ''fitted'' order by 1',
  'values (11::bigint, 360001::numeric, 540001::numeric), (12, 360000, 180000)', 'down to the floor of the other'
);
select ok(
  (select bool_and(q.proposed_amount between floor(0.1 * q.current_amount) and 10 * q.current_amount) and sum(q.proposed_amount) = 840001
    and abs(sum(q.proposed_amount) filter (where q.campaign_id = 11) / sum(q.proposed_amount) filter (where q.campaign_id = 12) - 4) < 0.2
  from b cross join lateral marketing.propose_reallocation(b.id, 90, 0.1, 10, 0.001) as q),
  'where nothing limits it, by the squares of what they bring: 4 to 1'
);
select ok(
  (select abs(max(q.proposed_marginal_roas) - min(q.proposed_marginal_roas)) < 0.02 and max(q.current_marginal_roas) > 1.9 * min(q.current_marginal_roas)
  from b cross join lateral marketing.propose_reallocation(b.id, 90, 0.1, 10, 0.001) as q where q.basis = 'fitted'),
  'there the next won brings as much with each'
);
select is(
  (select max(q.proposed_amount) from b cross join lateral marketing.propose_reallocation(b.id, 90, 0, 1.2) as q where q.campaign_id = 11),
  (select trunc(1.2 * p.current_amount) from p where p.campaign_id = 11), 'no more than the cap'
);
select results_eq(
  'select q.campaign_id, q.change_amount from b cross join lateral marketing.propose_reallocation(b.id, 90, 1, 2) as q where q.change_amount <> 0', 'select 1::bigint, 1::numeric where false', 'a floor of 1 moves nothing'
);
select is((select sum(q.proposed_amount) from b cross join lateral marketing.propose_reallocation(b.id, 90, 0, 1.000001, 1) as q), 840001::numeric, 'whatever the cap is, all is given out');
select is((select sum(q.proposed_amount) from b cross join lateral marketing.propose_reallocation(b.id, 90, 0, 1000, 1) as q), 840001::numeric, 'in one step, too');
select ok((select bool_and(q.current_marginal_roas > 0 and q.fit = 1.0000 and q.elasticity = 0.5) from b cross join lateral marketing.propose_reallocation(b.id) as q where q.basis = 'fitted'), 'the curves are told');

-- a week later: what is left, for the days that are left
set local moadb.now = '2026-06-24 12:00+09';
select pg_temp.spend(11, '2026-06-01', 40001);
select is((select sum(q.proposed_amount) from b cross join lateral marketing.propose_reallocation(b.id) as q), 800000::numeric, 'what is left of it');
select is((select count(*) from b cross join lateral marketing.propose_reallocation(b.id, 400, 0.5, 2, 0.5) as q), 4::bigint, 'a longer look back');

-- many, of many sizes
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) select 100 + n, 1, 'm-' || n, 'M', 'naver_ads' from generate_series(1, 40) as n;
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select 100 + c, '2026-05-02'::date + n, 1, 1, 37 * c + (n * c) % 11 + n, 0, round(3 * c * power(37.0 * c + (n * c) % 11 + n, 0.3 + c / 80.0), 6), 0, 0, 0, 0
from generate_series(0, 29) as n cross join generate_series(1, 40) as c;
create temporary table m on commit drop as select m.* from b cross join lateral marketing.propose_reallocation(b.id, 60, 0.25, 3, 0.02) as m;
select is((select sum(m.proposed_amount) from m), 800000::numeric, 'of forty: the parts sum to the whole');
select ok((select bool_and(m.proposed_amount = trunc(m.proposed_amount)) from m), 'in whole won');
select ok(
  (select bool_and(m.proposed_amount between trunc(0.25 * m.current_amount) and greatest(3 * m.current_amount, m.current_amount)) from m where m.basis = 'fitted'), 'between their floors and caps'
);
select ok((select bool_and(m.change_amount = 0) from m where m.basis <> 'fitted'), 'the others stay');
select cmp_ok(
  (select sum(f.mean_revenue * f.factor * power(m.proposed_amount / 7 / f.mean_spend, f.elasticity)) from m join lateral (select f.* from b cross join lateral marketing._fit_responses(b.id, '2026-04-25', '2026-06-23') as f) as f on f.campaign_id = m.campaign_id where m.basis = 'fitted'), '>',
  (select sum(f.mean_revenue * f.factor * power(m.current_amount / 7 / f.mean_spend, f.elasticity)) from m join lateral (select f.* from b cross join lateral marketing._fit_responses(b.id, '2026-04-25', '2026-06-23') as f) as f on f.campaign_id = m.campaign_id where m.basis = 'fitted'), 'by the curves it brings more'
);

select throws_ok('select marketing.propose_reallocation((select id from b), 13)', 'MM005', 'p_lookback_days 13 is not accepted: it is 14 to 400', 'too short a look back');
select throws_ok('select marketing.propose_reallocation((select id from b), null)', 'MM005', 'p_lookback_days null is not accepted: it is 14 to 400', 'none');
select throws_ok('select marketing.propose_reallocation((select id from b), 90, 1.1)', 'MM005', null, 'a floor above what there is');
select throws_ok('select marketing.propose_reallocation((select id from b), 90, 0.5, 0.9)', 'MM005', null, 'a cap below it');
select throws_ok('select marketing.propose_reallocation((select id from b), 90, 0.5, 2, 0)', 'MM005', null, 'no step');
select throws_ok('select marketing.propose_reallocation((select past from b))', 'MM095', null, 'a budget that has ended');
select pg_temp.spend(11, '2026-06-02', 900000);
select throws_ok('select marketing.propose_reallocation((select id from b))', 'MM095', null, 'one that is spent');
select marketing.act_as(4);
select throws_ok('select marketing.propose_reallocation((select id from b))', 'MM090', null, 'strangers do not ask');
select marketing.act_as(null);
create temporary table c on commit drop as select marketing.create_budget(1, 'None', 1000, 'monthly', '2026-06-01', p_campaign_ids => array[21]::bigint[]) as id;
select throws_ok('select marketing.propose_reallocation((select id from c))', 'MM095', null, 'nothing to learn from');
select marketing.close_budget(c.id) from c;
select throws_ok('select marketing.propose_reallocation((select id from c))', 'MM095', null, 'a closed one');

select * from finish();
rollback;
