begin;
select plan(18);

create role tap_nobody;

select has_function('coffee', '_award', array['uuid', 'text', 'text', 'integer'], 'it exists');
select function_returns('coffee', '_award', array['uuid', 'text', 'text', 'integer'], 'boolean', 'it says whether it gave');
select volatility_is('coffee', '_award', array['uuid', 'text', 'text', 'integer'], 'volatile', 'it is volatile');
select isnt_definer('coffee', '_award', array['uuid', 'text', 'text', 'integer'], 'it runs as its caller');
select function_privs_are('coffee', '_award', array['uuid', 'text', 'text', 'integer'], 'tap_nobody', '{}', 'it is internal');

insert into coffee.users (id, email) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com');
insert into coffee.badges (code, name, description, measure, threshold) values
  ('tap_first', '첫 시음', '첫 시음', 'tap_tasted', 1), ('tap_third', '세 번째', '세 번째', 'tap_tasted', 3),
  ('tap_rich', '부자', '부자', 'experience_points', 60);
create function pg_temp.standing() returns text language sql as $$
  select format('%s %s %s', u.experience_points, u.level, u.badges)
  from coffee.users as u where u.id = '00000000-0000-0000-0000-0000000000b1'
$$;

set local moadb.now = '2027-01-01 00:00+00';
select ok(coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap_tasted', '1', 20), 'something is given');
select is(pg_temp.standing(), '20 1 ["tap_first"]', 'points and a badge');
select ok(not coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap_tasted', '1', 20), 'once');
select is(pg_temp.standing(), '20 1 ["tap_first"]', 'nothing has changed');
select ok(coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap_other', '1', 30), 'for something else, again');
select is(pg_temp.standing(), '50 2 ["tap_first"]', 'with fifty points a level');
set local moadb.now = '2027-01-02 00:00+00';
select ok(coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap_tasted', '2', 0), 'no points count for badges, too');
select ok(coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap_tasted', '3', 10), 'the third time');
select is(pg_temp.standing(), '60 2 ["tap_first", "tap_rich", "tap_third"]', 'two more badges');
select ok(coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap_mistake', '1', -40), 'points are taken back');
select is(pg_temp.standing(), '20 1 ["tap_first", "tap_rich", "tap_third"]', 'and a level with them, but no badge');
select results_eq(
  $$ select n.type, n.dedupe_key from coffee.notifications as n order by n.id $$,
  $$
    values
      ('badge_awarded', 'badge_awarded:tap_first'), ('level_up', 'level_up:2'), ('badge_awarded', 'badge_awarded:tap_rich'),
      ('badge_awarded', 'badge_awarded:tap_third')
  $$,
  'the user is told of each'
);
select throws_ok(
  $$ select coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap_mistake', '2', -21) $$, '23514', null, 'nobody has less than nothing'
);

select * from finish();
rollback;
