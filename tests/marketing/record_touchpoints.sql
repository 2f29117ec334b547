begin;
select plan(29);

select has_function('marketing', 'record_touchpoints', array['bigint', 'jsonb', 'text']);
select function_returns('marketing', 'record_touchpoints', array['bigint', 'jsonb', 'text'], 'setof record');
select volatility_is('marketing', 'record_touchpoints', array['bigint', 'jsonb', 'text'], 'volatile');
select is_definer('marketing', 'record_touchpoints', array['bigint', 'jsonb', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.record_touchpoints(bigint, jsonb, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.record_touchpoints(bigint, jsonb, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.record_touchpoints(bigint, jsonb, text)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2026-11-21 00:00+00';
create function pg_temp.put(p_rows jsonb) returns text language sql as $$
  select concat_ws('/', r.inserted, r.unchanged) from marketing.record_touchpoints(9001, p_rows) as r;
$$;
select pg_temp.act_as(9002);
select is(
  pg_temp.put('[
    {"event_key": "e1", "visitor": "v1", "at": "2026-11-20T10:00:00+09:00", "campaign_id": 9001, "utm": {"source": "google"}},
    {"event_key": "e2", "visitor": "v1", "at": "2026-11-20T11:00:00Z", "platform": "meta_ads", "account_id": "act_1", "campaign_id": "new"},
    {"event_key": "e3", "visitor": "v2", "at": "2026-11-20T11:00:00Z", "channel": "kakao"},
    {"event_key": "e4", "visitor": "v2", "at": "2026-11-20T11:00:00Z"}
  ]'), '4/0', 'visits'
);
select is(
  pg_temp.put('[
    {"event_key": "e1", "visitor": "v1", "at": "2026-11-20T01:00:00Z", "campaign_id": 9001, "utm": {"source": "google"}},
    {"event_key": "e5", "visitor": "v3", "at": "2026-11-20T11:00:00Z"}
  ]'), '1/1', 'one that is known, and one that is not'
);
select results_eq(
  $$ select t.event_key, t.visitor, c.platform_campaign_id::text, h.name::text, t.utm from marketing.v_touchpoints as t left join marketing.v_campaigns as c on c.campaign_id = t.campaign_id left join marketing.v_channels as h on h.channel_id = t.channel_id order by 1 limit 3 $$,
  $$ values ('e1', 'v1', 'c1', null::text, '{"source": "google"}'::jsonb), ('e2', 'v1', 'new', null, '{}'), ('e3', 'v2', null, 'kakao', '{}') $$, 'what is there then'
);
select throws_ok(
  $$ select pg_temp.put('[{"event_key": "e6", "visitor": "v1", "at": "2026-11-20T11:00:00Z"}, {"event_key": "e1", "visitor": "v9", "at": "2026-11-20T01:00:00Z"}]') $$, 'MM050',
  '1 of 2 rows are refused; row 1, event_key: another event was recorded under this key', 'another event under the key'
);
select is((select count(*) from marketing.v_touchpoints), 5::bigint, 'all or none');
select is((select r.inserted from marketing.record_touchpoints(9001, '[{"event_key": "e7", "visitor": "v", "at": "2026-11-20T11:00:00Z"}]', 'k') as r), 1::bigint, 'with a key');
select is((select r.inserted from marketing.record_touchpoints(9001, '[{"event_key": "e7", "visitor": "v", "at": "2026-11-20T11:00:00Z"}]', 'k') as r), 1::bigint, 'the same request again');
select throws_ok($$ select marketing.record_touchpoints(9001, '[]', 'k') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.record_touchpoints(9001, '[]', '') $$, 'MP051', null, 'no key');
create function pg_temp.refused(p_row text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing.record_touchpoints(
    9001, jsonb_build_array('{"event_key": "x", "visitor": "v", "at": "2026-11-20T11:00:00Z"}'::jsonb || p_row::jsonb)
  );
  return 'no';
exception
  when sqlstate 'MM050' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb #>> '{rows,0,column}';
end;
$$;
select is(pg_temp.refused('{"event_key": ""}'), 'event_key', 'no key of the event');
select is(pg_temp.refused('{"visitor": null}'), 'visitor', 'nobody');
select is(pg_temp.refused('{"at": "2026-11-20T11:00:00"}'), 'at', 'nobody knows when');
select is(pg_temp.refused('{"at": "2026-11-22T11:00:00Z"}'), 'at', 'not yet');
select is(pg_temp.refused('{"campaign_id": 9003}'), 'campaign_id', 'another''s campaign');
select is(pg_temp.refused('{"channel": "tv"}'), 'channel', 'no channel');
select is(pg_temp.refused('{"utm": []}'), 'utm', 'no object');
select throws_ok(
  $$ select pg_temp.put('[{"event_key": "y", "visitor": "v", "at": "2026-11-20T11:00:00Z"}, {"event_key": "y", "visitor": "v", "at": "2026-11-20T11:00:00Z"}]') $$, 'MM050', null, 'two under one key'
);
select throws_ok($$ select marketing.record_touchpoints(9001, null) $$, 'MM004', null, 'nothing');
select throws_ok($$ select marketing.record_touchpoints(9001, '{}') $$, 'MM005', null, 'no rows');
select throws_ok($$ select marketing.record_touchpoints(9002, '[]') $$, 'MM001', null, 'another workspace');
select pg_temp.act_as(9003);
select throws_ok($$ select marketing.record_touchpoints(9001, '[]') $$, 'MM002', null, 'a viewer');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.record_touchpoints(9001, '[]') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
