begin;
select plan(8);

select has_function('coffee', '_experience_entries_follow', '{}'::text[], 'it exists');
select function_returns('coffee', '_experience_entries_follow', '{}'::text[], 'trigger', 'it is a trigger function');
select isnt_definer('coffee', '_experience_entries_follow', '{}'::text[], 'it runs as its caller');
select trigger_is('coffee', 'experience_entries', 'experience_entries_follow', 'coffee', '_experience_entries_follow', 'the ledger calls it');

select lives_ok(
  $$ insert into coffee.experience_entries (user_id, reason, reference, points) select gen_random_uuid(), 'tap', 'x', 1 where false $$,
  'a statement without a row'
);

-- 2,000 entries of 50 users, in statements of one and of many
insert into coffee.users (id, email)
select ('00000000-0000-0000-0000-0000000b' || lpad(n::text, 4, '0'))::uuid, 'tap' || n || '@example.com' from generate_series(1, 50) as n;
insert into coffee.badges (code, name, description, measure, threshold) values
  ('tap_ten', '열', '열', 'tap_a', 10), ('tap_twenty', '스물', '스물', 'tap_b', 20), ('tap_points', '점수', '점수', 'experience_points', 200);
select setseed(0.3);
create temporary table entries as
select
  n, ('00000000-0000-0000-0000-0000000b' || lpad((1 + floor(random() * 50))::text, 4, '0'))::uuid as user_id,
  (array['tap_a', 'tap_b', 'tap_c'])[1 + floor(random() * 3)::integer] as reason, floor(random() * 12)::integer as points
from generate_series(1, 2000) as n;
do $$
begin
  for v_step in 0..7 loop
    insert into coffee.experience_entries (user_id, reason, reference, points)
    select e.user_id, e.reason, e.n, e.points from entries as e where e.n % 8 = v_step;
  end loop;
end;
$$;
insert into coffee.experience_entries (user_id, reason, reference, points)
values ('00000000-0000-0000-0000-0000000b0001', 'tap_a', 'one more', 7);

select results_eq(
  $$
    select m.user_id, m.measure, m.value::bigint from coffee.user_measures as m order by m.user_id, m.measure
  $$,
  $$
    select e.user_id, e.reason, count(*) from coffee.experience_entries as e group by e.user_id, e.reason
    union all
    select e.user_id, 'experience_points', sum(e.points) from coffee.experience_entries as e group by e.user_id
    order by 1, 2
  $$,
  'the measures are the sums and counts of the ledger'
);
select results_eq(
  $$ select u.id, u.experience_points::bigint, u.level from coffee.users as u order by u.id $$,
  $$
    select u.id, coalesce(sum(e.points), 0), (select count(*)::integer from coffee.levels as l where l.experience_points <= coalesce(sum(e.points), 0))
    from coffee.users as u
    left join coffee.experience_entries as e on e.user_id = u.id
    group by u.id
    order by u.id
  $$,
  'points and levels follow'
);
select results_eq(
  $$ select u.id, b.code from coffee.users as u cross join lateral jsonb_array_elements_text(u.badges) as b (code) order by u.id, b.code $$,
  $$
    select c.user_id, b.code
    from (
      select e.user_id, e.reason, count(*) from coffee.experience_entries as e group by e.user_id, e.reason
      union all
      select e.user_id, 'experience_points', sum(e.points) from coffee.experience_entries as e group by e.user_id
    ) as c (user_id, measure, value)
    join coffee.badges as b on b.measure = c.measure and b.threshold <= c.value
    order by c.user_id, b.code
  $$,
  'and badges'
);

select * from finish();
rollback;
