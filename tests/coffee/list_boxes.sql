begin;
select plan(8);

select has_function('coffee', 'list_boxes', array['uuid', 'timestamp with time zone', 'uuid', 'integer']);
select volatility_is('coffee', 'list_boxes', array['uuid', 'timestamp with time zone', 'uuid', 'integer'], 'stable');
select is_definer('coffee', 'list_boxes', array['uuid', 'timestamp with time zone', 'uuid', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.list_boxes(uuid, timestamptz, uuid, integer)', 'execute'), 'applications may call it');

\ir boxes.psql

create temporary table s as select pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}]') as id from p;
select pg_temp.bill(s.id, 0, 3) from s;
select coffee.assemble_boxes();
select pg_temp.pay();
set local moadb.now = '2027-01-01 09:00+09';
select coffee.assemble_boxes();
select results_eq(
  $$select b.order_month, jsonb_array_length(b.items) from coffee.list_boxes('d0000000-0000-0000-0000-000000000001') as b$$,
  $$select o.order_month, 1 from coffee.subscription_orders as o order by o.created_at desc, o.id desc$$, 'newest first'
);
select is(
  (
    select array_agg(n.order_id)
    from (select b.* from coffee.list_boxes('d0000000-0000-0000-0000-000000000001', p_limit => 1) as b) as one
    cross join lateral coffee.list_boxes('d0000000-0000-0000-0000-000000000001', one.created_at, one.order_id) as n
  ),
  (select (array_agg(o.id order by o.created_at desc, o.id desc))[2:] from coffee.subscription_orders as o), 'the next page'
);
select is_empty('select coffee.list_boxes(''d0000000-0000-0000-0000-000000000002'')', 'somebody else has none');
select throws_ok('select coffee.list_boxes(''d0000000-0000-0000-0000-000000000001'', p_limit => 0)', 'MF002', null, 'an empty page');

select * from finish();
rollback;
