begin;
select plan(38);

select has_function('marketing', 'upsert_conversion_facts', array['jsonb', 'bigint', 'timestamp with time zone', 'text']);
select function_returns('marketing', 'upsert_conversion_facts', array['jsonb', 'bigint', 'timestamp with time zone', 'text'], 'setof record');
select volatility_is('marketing', 'upsert_conversion_facts', array['jsonb', 'bigint', 'timestamp with time zone', 'text'], 'volatile');
select is_definer('marketing', 'upsert_conversion_facts', array['jsonb', 'bigint', 'timestamp with time zone', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.upsert_conversion_facts(jsonb, bigint, timestamp with time zone, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.upsert_conversion_facts(jsonb, bigint, timestamp with time zone, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.upsert_conversion_facts(jsonb, bigint, timestamp with time zone, text)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2026-11-21 00:00+00';
create function pg_temp.put(p_rows jsonb, p_account bigint default null, p_at timestamptz default null) returns text language sql as $$
  select concat_ws('/', u.inserted, u.changed, u.unchanged, u.stale) from marketing.upsert_conversion_facts(p_rows, p_account, p_at) as u;
$$;
select pg_temp.act_as(9002);
select is(
  pg_temp.put('[
    {"campaign_id": 9001, "date": "2026-11-01", "action": "purchase", "click_window": 7, "view_window": 1, "conversions": 2.5, "revenue": 100},
    {"campaign_id": 9001, "date": "2026-11-01", "action": "purchase", "click_window": 28, "view_window": 1, "conversions": 4, "currency": "KRW"},
    {"platform": "meta_ads", "account_id": "act_1", "campaign_id": "new", "date": "2026-11-01", "action": "lead", "model": "last_click", "conversions": "0.0000015"}
  ]', p_at => '2026-11-10 00:00+00'), '3/0/0/0', 'new ones'
);
select is(
  pg_temp.put('[{"campaign_id": "c1", "date": "2026-11-01", "action": "purchase", "click_window": 7, "view_window": 1, "conversions": 2.5, "revenue": 100}]', 9001, '2026-11-11 00:00+00'),
  '0/0/1/0', 'the same again'
);
select is(
  pg_temp.put('[{"campaign_id": "c1", "date": "2026-11-01", "action": "purchase", "click_window": 7, "view_window": 1, "conversions": 1}]', 9001, '2026-11-10 12:00+00'),
  '0/0/0/1', 'what was told before is stale, also against what did not change'
);
select is(
  pg_temp.put('[{"campaign_id": "c1", "date": "2026-11-01", "action": "purchase", "click_window": 7, "view_window": 1, "conversions": 1, "snapshot_at": "2026-11-12T00:00:00Z"}]', 9001),
  '0/1/0/0', 'fewer conversions'
);
select is(pg_temp.put('[]'), '0/0/0/0', 'no rows');
reset role;
select results_eq(
  $$ select c.campaign_id::text, f.action, f.model, f.click_window::integer, f.conversions, f.revenue, f.snapshot_at from marketing.conversion_facts as f join marketing.campaigns as c on c.id = f.campaign_id order by 1, 4 $$,
  $$
    values
      ('c1', 'purchase', 'platform', 7, 1.000000, 0.000000, '2026-11-12 00:00+00'::timestamptz),
      ('c1', 'purchase', 'platform', 28, 4.000000, 0.000000, '2026-11-10 00:00+00'),
      ('new', 'lead', 'last_click', 0, 0.000002, 0.000000, '2026-11-10 00:00+00')
  $$, 'what is there then'
);
select pg_temp.act_as(9002);
select is(
  (select u.inserted from marketing.upsert_conversion_facts('[{"campaign_id": 9001, "date": "2026-11-02", "action": "a", "conversions": 1}]', p_request_key => 'k') as u),
  1::bigint, 'with a key'
);
select is(
  (select u.inserted from marketing.upsert_conversion_facts('[{"campaign_id": 9001, "date": "2026-11-02", "action": "a", "conversions": 1}]', p_request_key => 'k') as u),
  1::bigint, 'the same request again has the same answer'
);
select throws_ok($$ select marketing.upsert_conversion_facts('[]', p_request_key => 'k') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.upsert_conversion_facts('[]', p_request_key => '') $$, 'MP051', null, 'no key');
select throws_ok($$ select marketing.upsert_conversion_facts(null) $$, 'MM004', null, 'nothing');
select throws_ok($$ select marketing.upsert_conversion_facts('1') $$, 'MM005', null, 'no rows');
select throws_ok($$ select marketing.upsert_conversion_facts('[]', 9003) $$, 'MM007', null, 'another''s account');
create function pg_temp.refused(p_row text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing.upsert_conversion_facts(
    jsonb_build_array('{"campaign_id": 9001, "date": "2026-11-03", "action": "a", "conversions": 1}'::jsonb || p_row::jsonb)
  );
  return 'no';
exception
  when sqlstate 'MM050' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb #>> '{rows,0,column}';
end;
$$;
select is(pg_temp.refused('{"campaign_id": 9003}'), 'campaign_id', 'another''s campaign');
select is(pg_temp.refused('{"date": "2026-02-30"}'), 'date', 'no day');
select is(pg_temp.refused('{"date": "2926-02-03"}'), 'date', 'a day that is to come');
select is(pg_temp.refused('{"action": ""}'), 'action', 'no action');
select is(pg_temp.refused('{"model": ""}'), 'model', 'no model');
select is(pg_temp.refused('{"click_window": 91}'), 'click_window', 'too long a window');
select is(pg_temp.refused('{"click_window": 1.5}'), 'click_window', 'half a day');
select is(pg_temp.refused('{"view_window": -1}'), 'view_window', 'a window of less than nothing');
select is(pg_temp.refused('{"view_window": 7.0}'), 'no', 'seven days');
select is(pg_temp.refused('{"conversions": -1}'), 'conversions', 'fewer than none');
select is(pg_temp.refused('{"conversions": "NaN"}'), 'conversions', 'no number');
select is(pg_temp.refused('{"conversions": null}'), 'conversions', 'none told');
select is(pg_temp.refused('{"revenue": "much"}'), 'revenue', 'no amount');
select is(pg_temp.refused('{"currency": "USD"}'), 'currency', 'another currency');
select is(pg_temp.refused('{"snapshot_at": "2026-11-22T00:00:00Z"}'), 'snapshot_at', 'not yet');
select throws_ok(
  $$ select marketing.upsert_conversion_facts('[{"campaign_id": 9001, "date": "2026-11-02", "action": "b", "conversions": 1}, {"campaign_id": 9001, "date": "2026-11-02", "action": "b", "conversions": 1}]') $$,
  'MM050', null, 'two for one'
);
select pg_temp.act_as(9003);
select throws_ok($$ select marketing.upsert_conversion_facts('[{"campaign_id": 9001, "date": "2026-11-02", "action": "b", "conversions": 1}]') $$, 'MM002', null, 'a viewer');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.upsert_conversion_facts('[]') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
