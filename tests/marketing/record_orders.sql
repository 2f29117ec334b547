begin;
select plan(31);

select has_function('marketing', 'record_orders', array['bigint', 'jsonb', 'text']);
select function_returns('marketing', 'record_orders', array['bigint', 'jsonb', 'text'], 'setof record');
select volatility_is('marketing', 'record_orders', array['bigint', 'jsonb', 'text'], 'volatile');
select is_definer('marketing', 'record_orders', array['bigint', 'jsonb', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.record_orders(bigint, jsonb, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.record_orders(bigint, jsonb, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.record_orders(bigint, jsonb, text)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2026-11-21 00:00+00';
create function pg_temp.put(p_rows jsonb) returns text language sql as $$
  select concat_ws('/', r.inserted, r.changed, r.unchanged, r.stale) from marketing.record_orders(9001, p_rows) as r;
$$;
select pg_temp.act_as(9002);
select is(
  pg_temp.put('[
    {"order_key": "o1", "visitor": "v1", "at": "2026-11-20T10:00:00+09:00", "revenue": 10000},
    {"order_key": "o2", "visitor": "v2", "at": "2026-11-20T10:00:00+09:00", "revenue": "19.99", "currency": "USD", "snapshot_at": "2026-11-20T12:00:00Z"}
  ]'), '2/0/0/0', 'orders'
);
select is(
  pg_temp.put('[
    {"order_key": "o1", "visitor": "v1", "at": "2026-11-20T01:00:00Z", "revenue": 10000.00, "currency": "KRW"},
    {"order_key": "o2", "visitor": "v2", "at": "2026-11-20T01:00:00Z", "revenue": 5, "currency": "USD", "snapshot_at": "2026-11-20T11:00:00Z"}
  ]'), '0/0/1/1', 'the same again, and one as it was before'
);
select is(
  pg_temp.put('[
    {"order_key": "o1", "visitor": "v1", "at": "2026-11-20T01:00:00Z", "revenue": 4000},
    {"order_key": "o2", "visitor": "v2", "at": "2026-11-20T01:00:00Z", "revenue": 19.99, "currency": "USD", "cancelled_at": "2026-11-20T20:00:00Z"}
  ]'), '0/2/0/0', 'a refund and a cancellation'
);
select results_eq(
  'select o.order_key, o.currency, o.revenue, o.cancelled_at from marketing.v_orders as o order by 1',
  $$ values ('o1', 'KRW', 4000.000000, null::timestamptz), ('o2', 'USD', 19.990000, '2026-11-20 20:00+00') $$, 'what is there then'
);
select is((select r.inserted from marketing.record_orders(9001, '[{"order_key": "o3", "visitor": "v", "at": "2026-11-20T11:00:00Z", "revenue": 0}]', 'k') as r), 1::bigint, 'with a key');
select is((select r.inserted from marketing.record_orders(9001, '[{"order_key": "o3", "visitor": "v", "at": "2026-11-20T11:00:00Z", "revenue": 0}]', 'k') as r), 1::bigint, 'the same request again');
select throws_ok($$ select marketing.record_orders(9001, '[]', 'k') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.record_orders(9001, '[]', '') $$, 'MP051', null, 'no key');
create function pg_temp.refused(p_row text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing.record_orders(
    9001, jsonb_build_array('{"order_key": "x", "visitor": "v", "at": "2026-11-20T11:00:00Z", "revenue": 1}'::jsonb || p_row::jsonb)
  );
  return 'no';
exception
  when sqlstate 'MM050' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb #>> '{rows,0,column}';
end;
$$;
select is(pg_temp.refused('{"order_key": ""}'), 'order_key', 'no number');
select is(pg_temp.refused('{"visitor": ""}'), 'visitor', 'nobody');
select is(pg_temp.refused('{"at": "yesterday"}'), 'at', 'at no time');
select is(pg_temp.refused('{"at": "2026-11-22T11:00:00Z"}'), 'at', 'not yet');
select is(pg_temp.refused('{"currency": "XXX"}'), 'currency', 'no currency');
select is(pg_temp.refused('{"revenue": -1}'), 'revenue', 'less than nothing');
select is(pg_temp.refused('{"revenue": 1.5}'), 'revenue', 'half a won');
select is(pg_temp.refused('{"revenue": 1.999, "currency": "USD"}'), 'revenue', 'parts of a cent');
select is(pg_temp.refused('{"cancelled_at": "x"}'), 'cancelled_at', 'cancelled at no time');
select is(pg_temp.refused('{"snapshot_at": "2026-12-01T00:00:00Z"}'), 'snapshot_at', 'told tomorrow');
select throws_ok(
  $$ select pg_temp.put('[{"order_key": "y", "visitor": "v", "at": "2026-11-20T11:00:00Z", "revenue": 1}, {"order_key": "y", "visitor": "v", "at": "2026-11-20T11:00:00Z", "revenue": 1}]') $$, 'MM050', null, 'one order twice'
);
select throws_ok($$ select marketing.record_orders(9001, null) $$, 'MM004', null, 'nothing');
select throws_ok($$ select marketing.record_orders(9001, '{}') $$, 'MM005', null, 'no rows');
select throws_ok($$ select marketing.record_orders(9002, '[]') $$, 'MM001', null, 'another workspace');
select pg_temp.act_as(9003);
select throws_ok($$ select marketing.record_orders(9001, '[]') $$, 'MM002', null, 'a viewer');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.record_orders(9001, '[]') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
