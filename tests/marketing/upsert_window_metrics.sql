begin;
select plan(30);

select has_function('marketing', 'upsert_window_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text']);
select function_returns('marketing', 'upsert_window_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text'], 'setof record');
select volatility_is('marketing', 'upsert_window_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text'], 'volatile');
select is_definer('marketing', 'upsert_window_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.upsert_window_metrics(jsonb, bigint, timestamp with time zone, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.upsert_window_metrics(jsonb, bigint, timestamp with time zone, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.upsert_window_metrics(jsonb, bigint, timestamp with time zone, text)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2026-11-21 00:00+00';
create function pg_temp.put(p_rows jsonb, p_account bigint default null, p_at timestamptz default null) returns text language sql as $$
  select concat_ws('/', u.inserted, u.changed, u.unchanged, u.stale) from marketing.upsert_window_metrics(p_rows, p_account, p_at) as u;
$$;
select pg_temp.act_as(9002);
select is(
  pg_temp.put('[
    {"campaign_id": 9001, "date_from": "2026-11-01", "date_to": "2026-11-07", "metric": "reach", "value": 1000},
    {"campaign_id": 9001, "date_from": "2026-11-01", "date_to": "2026-11-01", "metric": "reach", "value": 300},
    {"campaign_id": 9001, "date_from": "2026-11-01", "date_to": "2026-11-07", "metric": "frequency", "value": 1.75}
  ]', p_at => '2026-11-10 00:00+00'), '3/0/0/0', 'new ones'
);
select is(pg_temp.put('[{"campaign_id": "c1", "date_from": "2026-11-01", "date_to": "2026-11-07", "metric": "reach", "value": 1000}]', 9001, '2026-11-11 00:00+00'), '0/0/1/0', 'the same again');
select is(pg_temp.put('[{"campaign_id": "c1", "date_from": "2026-11-01", "date_to": "2026-11-07", "metric": "reach", "value": 900}]', 9001, '2026-11-10 12:00+00'), '0/0/0/1', 'told before');
select is(pg_temp.put('[{"campaign_id": "c1", "date_from": "2026-11-01", "date_to": "2026-11-07", "metric": "reach", "value": 1100}]', 9001), '0/1/0/0', 'told since');
reset role;
select results_eq(
  'select m.metric, m.date_to, m.value, m.snapshot_at from marketing.window_metrics as m order by 1, 2',
  $$
    values
      ('frequency', date '2026-11-07', 1.750000, '2026-11-10 00:00+00'::timestamptz), ('reach', '2026-11-01', 300.000000, '2026-11-10 00:00+00'),
      ('reach', '2026-11-07', 1100.000000, '2026-11-21 00:00+00')
  $$, 'what is there then'
);
select pg_temp.act_as(9002);
select is((select u.inserted from marketing.upsert_window_metrics('[{"campaign_id": 9001, "date_from": "2026-10-01", "date_to": "2026-10-01", "metric": "reach", "value": 1}]', p_request_key => 'k') as u), 1::bigint, 'with a key');
select is((select u.inserted from marketing.upsert_window_metrics('[{"campaign_id": 9001, "date_from": "2026-10-01", "date_to": "2026-10-01", "metric": "reach", "value": 1}]', p_request_key => 'k') as u), 1::bigint, 'the same request again');
select throws_ok($$ select marketing.upsert_window_metrics('[]', p_request_key => 'k') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.upsert_window_metrics('[]', p_request_key => '') $$, 'MP051', null, 'no key');
select throws_ok($$ select marketing.upsert_window_metrics(null) $$, 'MM004', null, 'nothing');
select throws_ok($$ select marketing.upsert_window_metrics('1') $$, 'MM005', null, 'no rows');
select throws_ok($$ select marketing.upsert_window_metrics('[]', 9003) $$, 'MM007', null, 'another''s account');
create function pg_temp.refused(p_row text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing.upsert_window_metrics(jsonb_build_array(
    '{"campaign_id": 9001, "date_from": "2026-11-03", "date_to": "2026-11-04", "metric": "reach", "value": 1}'::jsonb || p_row::jsonb
  ));
  return 'no';
exception
  when sqlstate 'MM050' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb #>> '{rows,0,column}';
end;
$$;
select is(pg_temp.refused('{"campaign_id": 9003}'), 'campaign_id', 'another''s campaign');
select is(pg_temp.refused('{"date_from": "x"}'), 'date_from', 'no day');
select is(pg_temp.refused('{"date_from": "2926-11-03", "date_to": "2926-11-04"}'), 'date_from', 'a day that is to come');
select is(pg_temp.refused('{"date_to": "2026-11-02"}'), 'date_to', 'the end before the beginning');
select is(pg_temp.refused('{"metric": "impressions"}'), 'metric', 'what can be added up is a fact of a day');
select is(pg_temp.refused('{"value": -1}'), 'value', 'less than nobody');
select is(pg_temp.refused('{"value": null}'), 'value', 'nothing told');
select is(pg_temp.refused('{"snapshot_at": "2026-11-20"}'), 'snapshot_at', 'a day is no instant');
select throws_ok(
  $$ select marketing.upsert_window_metrics('[{"campaign_id": 9001, "date_from": "2026-11-03", "date_to": "2026-11-04", "metric": "reach", "value": 1}, {"campaign_id": 9001, "date_from": "2026-11-03", "date_to": "2026-11-04", "metric": "reach", "value": 2}]') $$,
  'MM050', null, 'two for one'
);
select pg_temp.act_as(9003);
select throws_ok($$ select marketing.upsert_window_metrics('[{"campaign_id": 9001, "date_from": "2026-11-03", "date_to": "2026-11-04", "metric": "reach", "value": 1}]') $$, 'MM002', null, 'a viewer');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.upsert_window_metrics('[]') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
