begin;
select plan(39);

select has_function('coffee', 'update_taste_dna', array[]::text[]);
select function_returns('coffee', 'update_taste_dna', array[]::text[], 'trigger');
select isnt_definer('coffee', 'update_taste_dna', array[]::text[]);
select trigger_is('coffee', 'taste_records', 'update_taste_dna_trigger', 'coffee', 'update_taste_dna', 'on insert');
select trigger_is('coffee', 'taste_records', 'update_taste_dna_trigger_update', 'coffee', 'update_taste_dna', 'on update');
select trigger_is('coffee', 'taste_records', 'update_taste_dna_trigger_delete', 'coffee', 'update_taste_dna', 'on delete');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya');
insert into coffee.users (id, email, taste_dna) values
  ('00000000-0000-0000-0000-000000000001', 'a@example.com', '{"favourite": "kenya"}'),
  ('00000000-0000-0000-0000-000000000002', 'b@example.com', '{}'),
  ('00000000-0000-0000-0000-000000000003', 'c@example.com', '{}');

create function pg_temp.taste(p_user integer, p_layers jsonb, p_at text default '2026-11-20 12:00+00') returns uuid language sql as $$
  insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
  values (
    ('00000000-0000-0000-0000-00000000000' || $1)::uuid, '00000000-0000-0000-0000-0000000000c1', 'lab', $2, $3::timestamptz
  )
  returning id
$$;
create function pg_temp.dna(p_user integer, p_key text) returns numeric language sql as $$
  select (u.taste_dna ->> $2)::numeric from coffee.users as u where u.id = ('00000000-0000-0000-0000-00000000000' || $1)::uuid
$$;
create function pg_temp.version(p_user integer) returns integer language sql as $$
  select u.taste_dna_version from coffee.users as u where u.id = ('00000000-0000-0000-0000-00000000000' || $1)::uuid
$$;
-- the specification's own computation, over the days of the window; to twelve decimals, because a sum keeps the scale of a record that has
-- left it, and so divides into more digits
create function pg_temp.differences() returns bigint language sql as $$
  select count(*)
  from coffee.users as u
  cross join lateral (
    select
      count(*) as n,
      avg(coffee._layer_value(r.taste_layers, 'acidity')) as acidity,
      avg(coffee._layer_value(r.taste_layers, 'sweetness')) as sweetness,
      avg(coffee._layer_value(r.taste_layers, 'body')) as body,
      avg(coffee._layer_value(r.taste_layers, 'balance')) as balance
    from coffee.taste_records as r
    where r.user_id = u.id
      and r.created_at at time zone 'UTC' >= date_trunc('day', platform.now() at time zone 'UTC' - interval '3 months')
  ) as b
  where coalesce(pg_temp.dna(right(u.id::text, 1)::integer, 'total_records'), 0) <> b.n
    or round(pg_temp.dna(right(u.id::text, 1)::integer, 'acidity_preference'), 12) <> round(b.acidity, 12)
    or round(pg_temp.dna(right(u.id::text, 1)::integer, 'sweetness_preference'), 12) <> round(b.sweetness, 12)
    or round(pg_temp.dna(right(u.id::text, 1)::integer, 'body_preference'), 12) <> round(b.body, 12)
    or round(pg_temp.dna(right(u.id::text, 1)::integer, 'balance_preference'), 12) <> round(b.balance, 12)
    or pg_temp.dna(right(u.id::text, 1)::integer, 'body_preference') is null and b.body is not null
$$;

select pg_temp.taste(1, '{"acidity": 7, "sweetness": 6.5, "body": 4}');
select is(
  (select u.taste_dna from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'),
  '{
    "favourite": "kenya", "acidity_preference": 7, "sweetness_preference": 6.5, "body_preference": 4, "total_records": 1,
    "last_updated": "2026-11-20T12:00:00+00:00"
  }'::jsonb,
  'the first record; what else was in the DNA stays'
);
select is(pg_temp.version(1), 2, 'a version');
select is(
  (select u.taste_dna_updated_at from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'),
  '2026-11-20 12:00+00'::timestamptz, 'its time'
);
select pg_temp.taste(1, '{"acidity": 6, "aroma": 9}');
select pg_temp.taste(1, '{"acidity": 6}');
select is(pg_temp.dna(1, 'acidity_preference'), 19 / 3.0, 'an average of those that say something');
select is(pg_temp.dna(1, 'body_preference'), 4::numeric, 'and of that one');
select is(pg_temp.dna(1, 'aroma_preference'), 9::numeric, 'other layers, too');
select is(pg_temp.version(1), 4, 'a version for each statement');

-- T12: what is malformed counts for nothing, and aborts nothing
select lives_ok(
  $$select pg_temp.taste(1, '{"acidity": "sour", "sweetness": null, "body": [4], "aroma": {"a": 1}, "flavor": true, "balance": 1e300}')$$,
  'T12: layers that are no numbers'
);
select lives_ok($$select pg_temp.taste(1, '{"acidity": -1, "body": 100.01}')$$, 'T12: numbers out of range');
select lives_ok($$select pg_temp.taste(1, '{}')$$, 'T12: no layers at all');
select is(pg_temp.dna(1, 'acidity_preference'), 19 / 3.0, 'averages are what they were');
select is(pg_temp.dna(1, 'total_records'), 6::numeric, 'but they are records');
select ok(
  not exists (
    select from coffee.users as u cross join jsonb_each(u.taste_dna) as d where d.value = 'null'
  ),
  'no null in the DNA'
);
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
values (
  '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 6}',
  array_fill(0, array[128])::extensions.vector, platform.now()
);
select is(pg_temp.dna(1, 'total_records'), 7::numeric, 'T13: a zero vector');

-- T12: back-dated
select pg_temp.taste(1, '{"acidity": 100}', '2026-08-19 23:59:59+00');
select is(pg_temp.version(1), 8, 'T12: before the window: no new version');
select is(pg_temp.dna(1, 'total_records'), 7::numeric, 'the DNA is the same');
select pg_temp.taste(1, '{"acidity": 10}', '2026-08-20 00:00:00+00');
select is(pg_temp.dna(1, 'acidity_preference'), 35 / 5.0, 'T12: within it: it counts');
select pg_temp.taste(3, '{"acidity": 10}', '2020-01-01 00:00:00+00');
select is(
  (select row(u.taste_dna, u.taste_dna_version)::text from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000003'),
  '({},1)', 'T12: nothing but long ago: no DNA'
);

-- the window moves on
set local moadb.now = '2026-11-21 00:00+00';
select pg_temp.taste(1, '{"acidity": 5}', '2026-11-21 00:00+00');
select is(pg_temp.dna(1, 'acidity_preference'), 30 / 5.0, 'what is older than three months no longer counts');
select is(pg_temp.differences(), 0::bigint, 'as if it were computed anew');

-- updates and deletes
update coffee.taste_records set notes = 'good' where user_id = '00000000-0000-0000-0000-000000000001';
select is(pg_temp.version(1), 10, 'notes are not taste');
update coffee.taste_records set taste_layers = '{"acidity": 1}' where taste_layers = '{"acidity": 6}';
select is(pg_temp.dna(1, 'acidity_preference'), 20 / 5.0, 'a changed taste');
update coffee.taste_records set created_at = '2026-11-01 00:00+00' where taste_layers = '{"acidity": 100}';
select is(pg_temp.dna(1, 'acidity_preference'), 120 / 6.0, 'a time set right, into the window, and into another partition');
update coffee.taste_records set user_id = '00000000-0000-0000-0000-000000000002' where taste_layers = '{"acidity": 100}';
select is(pg_temp.dna(1, 'acidity_preference'), 20 / 5.0, 'another''s');
select is(pg_temp.dna(2, 'acidity_preference'), 100::numeric, 'who has it then');
delete from coffee.taste_records where user_id = '00000000-0000-0000-0000-000000000002';
select is(pg_temp.dna(2, 'acidity_preference'), 100::numeric, 'the last one deleted: the DNA keeps what it knew');
select is(pg_temp.dna(2, 'total_records'), 0::numeric, 'from no records');
select is(
  (select count(*) from coffee.taste_days as d where d.user_id = '00000000-0000-0000-0000-000000000002'), 0::bigint, 'and no day is left'
);

-- brute force: 40 statements of any kind over 120 days, after each the DNA is what the specification's query says
do $$
declare
  v_step integer;
  v_bad  text;
begin
  perform setseed(0.42);
  for v_step in 1 .. 40 loop
    perform set_config('moadb.now', (timestamptz '2026-11-21 06:00+00' + v_step * interval '13 hours')::text, true);
    case v_step % 5
      when 0 then
        delete from coffee.taste_records as r where random() < 0.1;
      when 1 then
        update coffee.taste_records as r
        set taste_layers = r.taste_layers || jsonb_build_object('body', round((random() * 20 - 5)::numeric, 2)),
          created_at = r.created_at - random() * interval '40 days' * (random() < 0.5)::integer,
          user_id = ('00000000-0000-0000-0000-00000000000' || 1 + floor(random() * 3))::uuid
        where random() < 0.2;
      when 2 then
        perform pg_temp.taste(1 + v_step % 3, jsonb_build_object('acidity', v_step / 3.0), platform.now()::text);
      else
        insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
        select
          ('00000000-0000-0000-0000-00000000000' || 1 + floor(random() * 3))::uuid, '00000000-0000-0000-0000-0000000000c1', 'cafe',
          case when random() < 0.1 then '{"acidity": "x", "body": 1e9}' else jsonb_build_object(
            'acidity', round((random() * 10)::numeric, 1), 'sweetness', round((random() * 12 - 1)::numeric, 3),
            'balance', (array['1', '"2"', 'null', '3.25'])[1 + floor(random() * 4)::integer]::jsonb
          ) end,
          platform.now() - random() * interval '120 days'
        from generate_series(1, 25);
    end case;
    if v_step % 5 in (2, 3, 4) and exists (
      select from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant like 'coffee.taste%'
    ) then
      v_bad := concat_ws(', ', v_bad, v_step);
    end if;
  end loop;
  perform set_config('test.bad', coalesce(v_bad, 'none'), true);
  -- each user once more, so that every window ends today
  perform pg_temp.taste(u, '{"acidity": 3}', platform.now()::text) from generate_series(1, 3) as u;
end;
$$;
select is(current_setting('test.bad'), 'none', 'whatever happens, sums and records agree');
select is(pg_temp.differences(), 0::bigint, 'and so does the DNA');
select is_empty(
  $$select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant ~ 'taste|flavor'$$, 'invariants hold'
);

-- versions
select is(
  (select count(*) from coffee.taste_dna_versions as v join coffee.users as u on u.id = v.user_id and v.version <= u.taste_dna_version),
  (select sum(u.taste_dna_version - 1) from coffee.users as u), 'every version is kept'
);
select is_empty(
  $$
    select a.user_id
    from coffee.v_taste_dna_versions as a
    join coffee.v_taste_dna_versions as b on b.user_id = a.user_id and b.version <> a.version and b.valid && a.valid
  $$,
  'no two at a time'
);

select * from finish();
rollback;
