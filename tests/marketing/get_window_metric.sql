begin;
select plan(19);

select has_function('marketing', 'get_window_metric', array['bigint', 'text', 'date', 'date']);
select function_returns('marketing', 'get_window_metric', array['bigint', 'text', 'date', 'date'], 'numeric');
select volatility_is('marketing', 'get_window_metric', array['bigint', 'text', 'date', 'date'], 'stable');
select is_definer('marketing', 'get_window_metric', array['bigint', 'text', 'date', 'date']);
select ok(has_function_privilege('marketing_app', 'marketing.get_window_metric(bigint, text, date, date)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.get_window_metric(bigint, text, date, date)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.get_window_metric(bigint, text, date, date)', 'execute'), 'readers may not');

\ir team.psql

insert into marketing.window_metrics (campaign_id, date_from, date_to, metric, value, snapshot_at, updated_at)
select 9001, d::date, d::date, 'reach', 100, now(), now() from generate_series('2026-11-01'::timestamp, '2026-11-07', '1 day') as d
union all
select 9001, '2026-11-01', '2026-11-07', 'reach', 420, now(), now();
select pg_temp.act_as(9003);
select is(marketing.get_window_metric(9001, 'reach', '2026-11-01', '2026-11-07'), 420.000000, 'a week');
select is(marketing.get_window_metric(9001, 'reach', '2026-11-02', '2026-11-02'), 100.000000, 'a day');
-- T14: reach summed over days is refused
select throws_ok(
  $$ select marketing.get_window_metric(9001, 'reach', '2026-11-01', '2026-11-02') $$, 'MM052',
  'reach from 2026-11-01 to 2026-11-02 by campaign is not known, and cannot be added up from anything else', 'two days are not the sum of two'
);
create function pg_temp.windows() returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing.get_window_metric(9001, 'reach', '2026-11-01', '2026-11-02');
exception
  when sqlstate 'MM052' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb -> 'windows';
end;
$$;
select is(jsonb_array_length(pg_temp.windows()), 8, 'what there is to ask for');
select is(pg_temp.windows() -> 0, '{"from": "2026-11-01", "to": "2026-11-07"}', 'the newest first');
select throws_ok($$ select marketing.get_window_metric(9001, 'impressions', '2026-11-01', '2026-11-01') $$, 'MM052', null, 'another metric');
select throws_ok($$ select marketing.get_window_metric(9001, 'reach', null, '2026-11-01') $$, 'MM004', null, 'since when');
select throws_ok($$ select marketing.get_window_metric(9001, 'reach', '2026-11-02', '2026-11-01') $$, 'MM005', null, 'backwards');
select throws_ok($$ select marketing.get_window_metric(9003, 'reach', '2026-11-01', '2026-11-01') $$, 'MM008', null, 'another''s campaign');
select throws_ok($$ select sum(m.value) from marketing.window_metrics as m $$, '42501', null, 'applications do not read what could be added up');
select is((select count(*) from marketing.v_metric_windows), 8::bigint, 'but for when it is known');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.get_window_metric(9001, 'reach', '2026-11-01', '2026-11-01') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
