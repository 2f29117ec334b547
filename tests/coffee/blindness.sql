-- The same calls by an application, once with one coffee in the blind box and once with another: whatever comes back, rows or errors, must
-- be the same, or it tells which it is. What is random is written as a dot.
begin;
select plan(8);

\ir boxes.psql

-- the box is known to the test alone: there was nothing else to draw
select pg_temp.bill(pg_temp.subscriber(1, p.blind)) from p;
update coffee.coffee_inventory set is_available = right(coffee_id::text, 2) in ('c1', 'c3');
select coffee.assemble_boxes();
update coffee.coffee_inventory set is_available = true;
select pg_temp.bill(pg_temp.subscriber(2, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c4"}]')) from p;
select coffee.assemble_boxes();
select pg_temp.pay();
select coffee.ship_order(o.id, 'T') from coffee.subscription_orders as o;
-- what others have tasted, so that there is something to recommend by
select coffee.record_taste(
  'd0000000-0000-0000-0000-000000000003', c.id, 'lab', '{"acidity": 8}',
  ('[' || 10 - right(c.id::text, 1)::integer || repeat(',1', 127) || ']')::extensions.vector
)
from coffee.coffees as c;

create temporary table k as
select
  s.id as subscription, o.id as order, min(i.id) filter (where i.coffee_id::text like '%c3') as item,
  min(i.id) filter (where i.coffee_id::text like '%c1') as other_item,
  min(q.token) filter (where i.coffee_id::text like '%c3') as token, c.subscription as others
from coffee.coffee_subscriptions as s
join coffee.subscription_orders as o on o.subscription_id = s.id
join coffee.order_items as i on i.order_id = o.id
join coffee.qr_codes as q on q.order_item_id = i.id
cross join (select s.id as subscription from coffee.coffee_subscriptions as s where s.user_id = 'd0000000-0000-0000-0000-000000000002') as c
where s.user_id = 'd0000000-0000-0000-0000-000000000001'
group by s.id, o.id, c.subscription;

-- {user}, {order}, {item}, {token}, {subscription} are what the customer knows; {coffee} is each coffee in turn; {record} is the record of the bag
create temporary table calls (n integer generated always as identity, query text);
insert into calls (query)
values
  ('coffee.get_box({user}, {order})'),
  ('coffee.list_boxes({user})'),
  ('coffee.reveal_blind({user}, {order})'),
  ('coffee.list_periods({subscription}, {user})'),
  ('coffee.list_subscriptions({user})'),
  ('coffee.recommend({user}, 100, 0)'),
  ('coffee.recommend({user}, 100, 12)'),
  ('coffee.search_coffees(null)'),
  ('coffee.search_coffees(''coffee'')'),
  ('coffee.get_coffee({coffee})'),
  ('coffee.submit_feedback({user}, {order}, {coffee}, 5, true, ''fine'')'),
  ('coffee.submit_feedback({user}, {order}, {coffee}, 5, true, ''fine'')'),
  ('coffee.submit_feedback({user}, {order}, {coffee}, 9)'),
  ('coffee.submit_feedback({user}, {order}, {coffee}, 5, p_lab_record_id => gen_random_uuid())'),
  ('coffee.submit_feedback({user}, {order}, {coffee}, 5, p_request_key => ''k'')'),
  ('coffee.swap_item({subscription}, {user}, {coffee}, ''d0000000-0000-0000-0000-0000000000c2'')'),
  ('coffee.skip_item({subscription}, {user}, {coffee})'),
  ('coffee.add_one_time({subscription}, {user}, {coffee}, ''100g'', 1)'),
  ('coffee.set_items({subscription}, {user}, format(''[{"coffee_id": "%s"}]'', {coffee})::jsonb)'),
  ('coffee.scan_qr({token}, {user})'),
  ('coffee.scan_qr({token}, ''d0000000-0000-0000-0000-000000000002'')'),
  ('coffee.record_taste({user}, {coffee}, ''lab'', ''{"acidity": 5}'', p_tasted_at => ''2026-10-20 00:00+00'')'),
  ('coffee.record_taste({user}, null, ''lab'', ''{"acidity": 5}'', {vector}, p_qr_token => {token}, p_longitude => 127, p_latitude => 37.5)'),
  ('coffee.record_taste({user}, {coffee}, ''lab'', ''{"acidity": 5}'', p_qr_token => {token})'),
  ('coffee.list_tastes({user})'),
  ('coffee.edit_taste({user}, {record}, platform.now(), ''{"notes": "x"}'')'),
  ('coffee.edit_taste({user}, {record}, platform.now(), jsonb_build_object(''coffee_id'', {coffee}))'),
  ('coffee.record_flavors({user}, {record}, platform.now(), ''{}'')'),
  ('coffee.record_cupping({user}, {coffee}, ''{}'', ''{}'')'),
  ('coffee.record_analysis({record}, platform.now(), ''t'', ''1'', 50, ''{}'', ''{}'', ''{}'', ''{}'')'),
  ('coffee.similar_records({record}, platform.now())'),
  ('coffee.records_nearby(127, 37.5, 100000)'),
  ('coffee.taste_dna_at({user}, platform.now())'),
  ('coffee.recommend({user}, 100, 12)'),
  ('coffee.submit_feedback({user}, {order}, {coffee}, 5, p_lab_record_id => {record}, p_lab_record_created_at => platform.now())'),
  ('coffee.submit_blind_guess({user}, {order}, null, {coffee})'),
  ('coffee.submit_blind_guess({user}, {order}, {item}, {coffee})'),
  ('coffee.submit_blind_guess({user}, {order}, {item}, {coffee})'),
  ('coffee.submit_blind_guess({user}, {order}, {item}, p_origin_country => ''Peru'', p_request_key => ''g'')'),
  ('coffee.submit_feedback({user}, {order}, {coffee}, 5)'),
  ('coffee.reveal_blind({user}, {order})'),
  ('coffee.get_box({user}, {order})'),
  ('coffee.list_tastes({user})'),
  ('coffee.recommend({user}, 100, 12)'),
  ('coffee.scan_qr({token}, {user})'),
  ('coffee.search_coffees(null)'),
  ('coffee.get_coffee({coffee})'),
  ('coffee.list_notifications({user})'),
  ('coffee.get_user({user})'),
  ('coffee.delete_taste({user}, {record}, platform.now())'),
  -- and what has nothing to do with it
  ('coffee.skip_period({subscription}, {user})'),
  ('coffee.unskip_period({subscription}, {user})'),
  ('coffee.undo_change({subscription}, {user}, -1)'),
  ('coffee.change_plan({subscription}, {user}, 1)'),
  ('coffee.change_anchor({subscription}, {user}, ''2026-11-15 00:00+00'')'),
  ('coffee.change_delivery({subscription}, {user}, ''{"street": "2"}'')'),
  ('coffee.retry_charge({subscription}, {user})'),
  ('coffee.entitled({user})'),
  ('coffee.pause_subscription({subscription}, {user})'),
  ('coffee.resume_subscription({subscription}, {user})'),
  ('coffee.cancel_subscription({subscription}, {user})'),
  ('coffee.undo_cancel({subscription}, {user})'),
  ('coffee.subscribe({user}, 1, ''{"street": "1"}'')'),
  ('coffee.mark_read({user}, null)'),
  ('coffee.open_session({user})'),
  ('coffee.close_sessions({user})'),
  ('coffee.edit_user({user}, ''{"username": "x"}'')'),
  ('coffee.delete_user({user})');

create function pg_temp.answer(p_query text) returns text language plpgsql as $$
declare
  v_answer text;
  v_detail text;
begin
  execute 'select jsonb_agg(to_jsonb(t))::text from ' || p_query || ' as t' into v_answer;
  return v_answer;
exception
  when others then
    get stacked diagnostics v_detail = pg_exception_detail;
    return sqlstate || ' ' || sqlerrm || ' ' || v_detail;
end;
$$;

-- all calls for each coffee, in one go and, so that none hides what another would tell, each by itself; everything is taken back
create function pg_temp.answers() returns table (answer text) language plpgsql as $$
declare
  v_coffee  uuid;
  v_query   text;
  v_single  boolean;
  v_record  uuid;
  v_answers text[] := '{}';
begin
  for v_coffee, v_single in
    select c.id, s.single
    from (select c.id from coffee.coffees as c where c.id::text like 'd0000000%' order by c.id) as c
    cross join (values (false), (true)) as s (single)
  loop
    begin
      for v_query in select c.query from calls as c order by c.n loop
        begin
          select q.record_id into v_record from coffee.qr_codes as q join k on k.token = q.token;
          select replace(replace(replace(replace(replace(replace(replace(replace(
            v_query, '{user}', '''d0000000-0000-0000-0000-000000000001'''), '{order}', quote_literal(k.order)), '{item}', k.item::text),
            '{token}', quote_literal(k.token)), '{subscription}', quote_literal(k.subscription)), '{coffee}', quote_literal(v_coffee) || '::uuid'),
            '{record}', coalesce(quote_literal(v_record), 'null')), '{vector}', '(''[9' || repeat(',1', 127) || ']'')::extensions.vector')
          into v_query
          from k;
          v_query := replace(v_query, 'platform.now()', quote_literal(platform.now()));
          set local role coffee_app;
          v_answers := v_answers || format('%s %s: %s', v_single, v_query, coalesce(pg_temp.answer(v_query), 'nothing'));
          reset role;
          if v_single then
            raise exception sqlstate 'XX999';
          end if;
        exception
          when sqlstate 'XX999' then
            null;
        end;
      end loop;
      raise exception sqlstate 'XX998';
    exception
      when sqlstate 'XX998' then
        null;
    end;
  end loop;
  return query
  select regexp_replace(
    regexp_replace(a, '(?!d0000000)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}', '.', 'g'),
    '"(cupping|change)_id": \d+|: \[\d+\]$', '.'
  )
  from unnest(v_answers) as a;
end;
$$;

create temporary table one as select row_number() over () as n, a.answer from pg_temp.answers() as a;

set local session_replication_role = 'replica';
update coffee.order_items as i
set coffee_id = 'd0000000-0000-0000-0000-0000000000c4', unit_price = 77777,
  lot_id = (select l.id from coffee.stock_lots as l join coffee.coffee_inventory as v on v.id = l.inventory_id where v.coffee_id::text like '%c4')
from k
where i.id = k.item;
set local session_replication_role = 'origin';

create temporary table two as select row_number() over () as n, a.answer from pg_temp.answers() as a;

select is_empty(
  $$select p.proname
    from pg_proc as p
    cross join lateral aclexplode(p.proacl) as a
    where p.pronamespace = 'coffee'::regnamespace and a.grantee = 'coffee_app'::regrole and 'p_user_id' = any (p.proargnames)
      and not exists (select from calls as c where c.query like 'coffee.' || p.proname || '(%')$$,
  'all that an application may ask on behalf of a user is among the calls'
);
select is((select count(*) from one), 8 * (select count(*) from calls), 'so many calls');
select is((select string_agg(left(answer, 200), ' ') from one where answer ~ ': 42' and answer ~ '^t.*'), null, 'all of them are calls of something');
select is((select count(*) from one where answer like '%MF073%') > 0, true, 'some refused');
select results_eq('select two.answer from two order by n', 'select one.answer from one order by n', 'whichever coffee it is, an application is told the same');

-- counting: 128 records of one coffee, and a hidden one nearer than all of them; whatever coffee the asker has had, it takes no place
create function pg_temp.near(p_last numeric) returns extensions.vector language sql as $$
  select ('[-1' || repeat(',0', 126) || ',' || $1 || ']')::extensions.vector
$$;
select coffee.record_taste('d0000000-0000-0000-0000-000000000001', null, 'lab', '{}', pg_temp.near(0), p_qr_token => k.token) from k;
select coffee.record_taste('d0000000-0000-0000-0000-000000000004', 'd0000000-0000-0000-0000-0000000000c2', 'lab', '{}', pg_temp.near(0.01 + n / 10000.0))
from generate_series(1, 128) as n;
select results_eq(
  $$select distinct
      (
        select count(*)
        from coffee._nearest_records(pg_temp.near(0), platform.now(), 'd0000000-0000-0000-0000-000000000002', array[c.id]) as r
        where r.coffee_id = 'd0000000-0000-0000-0000-0000000000c2'
      )
    from coffee.coffees as c where c.id::text ~ '^d0000000.*c[134]$'$$,
  'values (128::bigint)', 'neighbours of another coffee are as many, whichever coffee is left out'
);

-- that the calls would have told: when the box has told by itself, they do
set local moadb.now = '2026-12-01 09:00+09';
select isnt(
  (select string_agg(a.answer, ' ') from pg_temp.answers() as a where a.answer like 'f%reveal_blind%'),
  (select string_agg(one.answer, ' ' order by n) from one where one.answer like 'f%reveal_blind%'), 'it is the box that keeps silent, not the calls'
);
select is_empty(
  $$select c.column_name from information_schema.columns as c where c.table_schema = 'coffee' and c.table_name = 'v_blind_orders'
    and c.column_name in ('coffee_id', 'lot_id', 'unit_price', 'roaster_id', 'coffee_items', 'qr_codes', 'blind_guess_score')$$,
  'the view of blind boxes has no such column'
);

select * from finish();
rollback;
