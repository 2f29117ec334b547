begin;
select plan(10);

select has_function('coffee', '_find_order', array['uuid', 'uuid']);
select function_returns('coffee', '_find_order', array['uuid', 'uuid'], 'coffee.subscription_orders');
select volatility_is('coffee', '_find_order', array['uuid', 'uuid'], 'stable');
select isnt_definer('coffee', '_find_order', array['uuid', 'uuid']);
select ok(not has_function_privilege('coffee_app', 'coffee._find_order(uuid, uuid)', 'execute'), 'nobody may call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.pick)) from p;
select coffee.assemble_boxes();
create temporary table o as select o.id from coffee.subscription_orders as o;
select is((select f.id from o, coffee._find_order('d0000000-0000-0000-0000-000000000001', o.id) as f), (select o.id from o), 'one''s own');
select throws_ok('select coffee._find_order(''d0000000-0000-0000-0000-000000000002'', o.id) from o', 'MF070', null, 'somebody else''s');
select throws_ok(
  'select coffee._find_order(''d0000000-0000-0000-0000-000000000002'', ''d0000000-0000-0000-0000-000000000002'')', 'MF070',
  'there is no order d0000000-0000-0000-0000-000000000002', 'none at all'
);
select throws_ok('select coffee._find_order(null, null)', 'MF070', null, 'nothing');
update coffee.users set deleted_at = platform.now() where id = 'd0000000-0000-0000-0000-000000000001';
select throws_ok('select coffee._find_order(''d0000000-0000-0000-0000-000000000001'', o.id) from o', 'MF070', null, 'of a user who is gone');

select * from finish();
rollback;
