-- What only reads runs where nothing can be written (docs/operations.md, Read replicas): no lock of a row, no note of a call. A read-only
-- transaction refuses what a standby refuses.
begin;
select plan(3);
set local moadb.now = '2036-11-01 09:00+09';
\ir shop.psql

select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}', p_anchor_at => '2036-11-01 09:00+09');
select coffee.subscribe(
  'f0000000-0000-0000-0000-0000000000a2', -2, '{"street": "2"}', p_anchor_at => '2036-11-01 09:00+09',
  p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c4"}]'
);
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a3', -3, '{"street": "3"}', p_anchor_at => '2036-11-01 09:00+09');
select pg_temp.run('2036-11-02 09:00+09');
create temporary table tasted as
select r.record_id, r.created_at
from generate_series(1, 3) as n
cross join lateral coffee.record_taste(
  ('f0000000-0000-0000-0000-0000000000a' || n)::uuid, 'f0000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 5}',
  ('[' || n || repeat(',1', 127) || ']')::extensions.vector, p_longitude => 127, p_latitude => 37.5
) as r;
create temporary table k as
select
  quote_literal(s.user_id) || '::uuid' as "user", quote_literal(s.id) || '::uuid' as subscription, quote_literal(o.id) || '::uuid' as "order",
  quote_literal(t.record_id) || '::uuid, ' || quote_literal(t.created_at) || '::timestamptz' as record,
  coalesce((select min(n.id) from coffee.notifications as n), 1)::text as notification
from coffee.coffee_subscriptions as s
join coffee.subscription_orders as o on o.subscription_id = s.id
cross join (select t.* from tasted as t limit 1) as t
where s.user_id = 'f0000000-0000-0000-0000-0000000000a2';

create temporary table calls (query text);
insert into calls
values
  ('coffee.entitled({user})'), ('coffee.find_user(''shop1'')'), ('coffee.get_user({user})'), ('coffee.get_box({user}, {order})'),
  ('coffee.get_coffee(''f0000000-0000-0000-0000-0000000000c1'')'), ('coffee.get_notification({notification})'), ('coffee.list_boxes({user})'),
  ('coffee.list_flavors()'), ('coffee.list_lots(''f0000000-0000-0000-0000-0000000000c1'', ''100g'')'),
  ('coffee.list_notifications({user})'), ('coffee.list_packing()'), ('coffee.list_periods({subscription}, {user})'),
  ('coffee.list_plans()'), ('coffee.list_subscriptions({user})'), ('coffee.list_tastes({user})'), ('coffee.next_demand()'),
  ('coffee.prorate(100, 1, 3, 0)'), ('coffee.read_session(gen_random_uuid())'), ('coffee.recommend({user})'),
  ('coffee.records_nearby(127, 37.5)'), ('coffee.reveal_blind({user}, {order})'), ('coffee.search_coffees(''coffee'')'),
  ('coffee.similar_records({record})'), ('coffee.taste_dna_at({user}, platform.now())');
update calls
set query = replace(replace(replace(replace(replace(
  query, '{user}', k."user"), '{subscription}', k.subscription), '{order}', k."order"), '{record}', k.record), '{notification}', k.notification)
from k;
create function pg_temp.said(p_query text) returns text language plpgsql as $$
begin
  execute 'select count(*) from ' || p_query;
  return 'fine';
exception when others then
  return sqlstate || ' ' || sqlerrm;
end;
$$;

select set_eq(
  $$
    select p.proname::text
    from pg_proc as p
    where p.pronamespace = 'coffee'::regnamespace
      and (has_function_privilege('coffee_app', p.oid, 'execute') or has_function_privilege('coffee_admin', p.oid, 'execute')
        or has_function_privilege('coffee_read', p.oid, 'execute'))
      and (p.provolatile <> 'v' or p.proname ~ '^(list|get|find|search|read|similar|recommend)')
  $$,
  $$select split_part(split_part(c.query, '.', 2), '(', 1) from calls as c$$, 'every function that reads is called'
);
set local transaction_read_only = on;
select is_empty(
  $$select c.query, s.said from calls as c cross join lateral pg_temp.said(c.query) as s (said) where s.said <> 'fine'$$, 'functions that read write nothing'
);
select is_empty(
  $$
    select c.relname, s.said
    from pg_class as c
    cross join lateral pg_temp.said('coffee.' || c.relname) as s (said)
    where c.relnamespace = 'coffee'::regnamespace and c.relkind = 'v' and s.said <> 'fine'
  $$, 'nor do views'
);

select * from finish();
rollback;
