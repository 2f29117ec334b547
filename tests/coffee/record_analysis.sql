begin;
select plan(14);

select has_function('coffee', 'record_analysis', array['uuid', 'timestamp with time zone', 'text', 'text', 'numeric', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'integer', 'text']);
select function_returns('coffee', 'record_analysis', array['uuid', 'timestamp with time zone', 'text', 'text', 'numeric', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'integer', 'text'], 'uuid');
select volatility_is('coffee', 'record_analysis', array['uuid', 'timestamp with time zone', 'text', 'text', 'numeric', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'integer', 'text'], 'volatile');
select is_definer('coffee', 'record_analysis', array['uuid', 'timestamp with time zone', 'text', 'text', 'numeric', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'jsonb', 'integer', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.record_analysis(uuid, timestamp with time zone, text, text, numeric, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, integer, text)', 'execute'), 'applications may call it');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values
  ('00000000-0000-0000-0000-0000000000a1', 'Roaster'),
  ('00000000-0000-0000-0000-0000000000a2', 'Another');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'One', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Two', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c3', 'Three', '00000000-0000-0000-0000-0000000000a2', 'Peru', true, 18000);
insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-000000000001', 'a@example.com'),
  ('00000000-0000-0000-0000-000000000002', 'b@example.com');
create function pg_temp.taste(
  p_user integer, p_coffee integer, p_vector extensions.vector default null, p_at text default '2026-11-20 12:00+00'
) returns coffee.taste_records language sql as $$
  insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
  values (
    ('00000000-0000-0000-0000-00000000000' || $1)::uuid, ('00000000-0000-0000-0000-0000000000c' || $2)::uuid, 'lab', '{"acidity": 5}', $3,
    $4::timestamptz
  )
  returning *
$$;

create temporary table t as select x.* from pg_temp.taste(1, 1) as x;
create temporary table a as
select coffee.record_analysis(
  t.id, t.created_at, 'taste_match', 'm-1', 87.5, '{"acidity": 90}', p_insights => '["bright"]', p_processing_time_ms => 12, p_request_key => 'k'
) as id
from t;
select results_eq(
  'select x.match_score, x.score_breakdown, x.insights, x.recommendations, x.created_at from coffee.ai_analyses as x join a on a.id = x.id',
  $$values (87.5, '{"acidity": 90}'::jsonb, '["bright"]'::jsonb, '[]'::jsonb, '2026-11-20 12:00+00'::timestamptz)$$, 'it is kept'
);
select is(
  (
    select coffee.record_analysis(
      t.id, t.created_at, 'taste_match', 'm-1', 87.5, '{"acidity": 90}', p_insights => '["bright"]', p_processing_time_ms => 15,
      p_request_key => 'k'
    )
    from t
  ),
  (select a.id from a), 'the same request again'
);
select throws_ok(
  'select coffee.record_analysis(t.id, t.created_at, ''x'', ''m-1'', p_request_key => ''k'') from t', 'MP052', null, 'another one'
);
select throws_ok('select coffee.record_analysis(t.id, now(), ''x'', ''m-1'') from t', 'MF100', null, 'no such record');
select throws_ok('select coffee.record_analysis(t.id, t.created_at, ''x'', ''m-1'', 101) from t', 'MF101', null, 'more than all');
select throws_ok('select coffee.record_analysis(t.id, t.created_at, '''', ''m-1'') from t', 'MF101', null, 'of no type');
select throws_ok('select coffee.record_analysis(t.id, t.created_at, null, ''m-1'') from t', 'MF101', null, 'none given');
select throws_ok(
  'select coffee.record_analysis(t.id, t.created_at, ''x'', repeat(''1'', 21)) from t', 'MF101', null, 'a model of a long name'
);
select throws_ok(
  'select coffee.record_analysis(t.id, t.created_at, ''x'', ''1'', p_request_key => '''') from t', 'MP051', null, 'an empty key'
);

select * from finish();
rollback;
