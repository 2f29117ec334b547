begin;
select plan(40);
\ir budgets.psql

select has_function('marketing', 'create_budget', array['bigint', 'text', 'numeric', 'text', 'date', 'date', 'text', 'bigint', 'bigint[]', 'text', 'numeric', 'text']);
select function_returns('marketing', 'create_budget', array['bigint', 'text', 'numeric', 'text', 'date', 'date', 'text', 'bigint', 'bigint[]', 'text', 'numeric', 'text'], 'bigint');
select volatility_is('marketing', 'create_budget', array['bigint', 'text', 'numeric', 'text', 'date', 'date', 'text', 'bigint', 'bigint[]', 'text', 'numeric', 'text'], 'volatile');
select is_definer('marketing', 'create_budget', array['bigint', 'text', 'numeric', 'text', 'date', 'date', 'text', 'bigint', 'bigint[]', 'text', 'numeric', 'text']);

select ok(has_function_privilege('marketing_app', 'marketing.create_budget(bigint, text, numeric, text, date, date, text, bigint, bigint[], text, numeric, text)', 'execute'), 'applications may call it');
set local moadb.now = '2026-03-15 12:00+09';
select pg_temp.spend(11, '2026-03-02', 900);
select marketing.act_as(2);
create temporary table b on commit drop as select marketing.create_budget(1, '봄 캠페인', 1000, 'monthly', '2026-03-01', p_request_key => 'k') as id;
select results_eq(
  $$ select b.workspace_id, b.name::text, b.currency, b.total_amount, b.daily_amount, b.period_type::text, b.start_date, b.end_date, b.pacing::text, b.scope::text, b.alert_threshold,
    b.revision, b.created_at from marketing.budgets as b $$,
  $$ values (1::bigint, '봄 캠페인', 'KRW', 1000::numeric, null::numeric, 'monthly', date '2026-03-01', date '2026-03-31', 'linear', 'workspace', 80::numeric,
    1, timestamptz '2026-03-15 12:00+09') $$, 'made'
);
select is(pg_temp.spent(b.id), 900::numeric, 'what has been spent counts') from b;
select is(pg_temp.told(b.id), '1 spent 80.00', 'and is told') from b;
select is(marketing.create_budget(1, '봄 캠페인', 1000, 'monthly', '2026-03-01', p_request_key => 'k'), b.id, 'once for one key') from b;
select throws_ok($$ select marketing.create_budget(1, 'x', 1000, 'monthly', '2026-03-01', p_request_key => 'k') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.create_budget(1, 'x', 1000, 'monthly', '2026-03-01', p_request_key => '') $$, 'MP051', null, 'no key');

-- T13: months of 28, 30 and 31 days, a start in mid-month
create function pg_temp.end_of(p_type text, p_start date) returns date language plpgsql as $$
declare
  v_id bigint := marketing.create_budget(1, 'x', 1000, p_type, p_start);
begin
  return (select b.end_date from marketing.budgets as b where b.id = v_id);
end;
$$;
select is(pg_temp.end_of('monthly', '2026-02-01'), date '2026-02-28', 'February');
select is(pg_temp.end_of('monthly', '2028-02-01'), date '2028-02-29', 'in a leap year');
select is(pg_temp.end_of('monthly', '2026-03-17'), date '2026-03-31', 'from mid-month to its end');
select is(pg_temp.end_of('monthly', '2026-12-31'), date '2026-12-31', 'from its last day');
select is(pg_temp.end_of('quarterly', '2026-02-10'), date '2026-03-31', 'a quarter');
select is(pg_temp.end_of('yearly', '2026-02-10'), date '2026-12-31', 'a year');
select is(pg_temp.end_of('daily', '2026-02-10'), date '2026-02-10', 'a day');
select throws_ok($$ select marketing.create_budget(1, 'x', 1000, 'custom', '2026-03-01') $$, 'MM092', null, 'custom ends where it is said');

create function pg_temp.total_of(p_amount numeric, p_from date, p_to date) returns numeric language plpgsql as $$
declare
  v_id bigint := marketing.create_budget(1, 'x', p_amount, 'daily', p_from, p_to);
begin
  return (select b.total_amount from marketing.budgets as b where b.id = v_id and b.daily_amount = p_amount);
end;
$$;
select is(pg_temp.total_of(100, '2026-02-01', '2026-02-28'), 2800::numeric, 'a daily budget in February');
select is(pg_temp.total_of(100, '2026-03-01', '2026-03-31'), 3040::numeric, 'in March');
select is(pg_temp.total_of(100, '2026-03-20', '2026-03-31'), 1200::numeric, 'from mid-month');

select throws_ok($$ select marketing.create_budget(1, '', 1000, 'monthly', '2026-03-01') $$, 'MM092', null, 'no name');
select throws_ok($$ select marketing.create_budget(1, null, 1000, 'monthly', '2026-03-01') $$, 'MM092', null, 'null');
select throws_ok($$ select marketing.create_budget(1, 'x', 0, 'monthly', '2026-03-01') $$, 'MM092', null, 'nothing to spend');
select throws_ok($$ select marketing.create_budget(1, 'x', 'NaN', 'monthly', '2026-03-01') $$, 'MM092', null, 'no number');
select throws_ok($$ select marketing.create_budget(1, 'x', null, 'monthly', '2026-03-01') $$, 'MM092', null, 'no amount');
select throws_ok($$ select marketing.create_budget(1, 'x', 1.5, 'monthly', '2026-03-01') $$, 'MM005', null, 'half a won');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'weekly', '2026-03-01', '2026-03-07') $$, 'MM092', null, 'no such type');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-02', '2026-03-01') $$, 'MM092', null, 'the end before the start');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'daily', '2026-03-02', '4000-01-01') $$, 'MM092', null, 'no end in sight');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '-infinity', 'infinity') $$, 'MM092', null, 'for ever');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', null) $$, 'MM092', null, 'no start');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-01', p_currency => 'XXX') $$, 'MM092', null, 'no such currency');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-01', p_channel_id => -1) $$, 'MM092', null, 'no such channel');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-01', p_pacing => 'fast') $$, 'MM092', null, 'no such pacing');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-01', p_alert_threshold => 101) $$, 'MM092', null, 'told when it is too late');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-01', p_channel_id => 1, p_campaign_ids => '{11}') $$, 'MM005', null, 'channel and campaigns');
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-01', p_campaign_ids => '{}') $$, 'MM093', null, 'no campaigns');
-- T16: a viewer writes; somebody reads another workspace
select marketing.act_as(3);
select throws_ok($$ select marketing.create_budget(1, 'x', 1, 'monthly', '2026-03-01') $$, 'MM002', null, 'a viewer does not');

select * from finish();
rollback;
