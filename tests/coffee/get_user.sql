begin;
select plan(12);

create role tap_nobody;

select has_function('coffee', 'get_user', array['uuid'], 'it exists');
select function_returns('coffee', 'get_user', array['uuid'], 'setof record', 'it returns what it says');
select volatility_is('coffee', 'get_user', array['uuid'], 'stable', 'it is stable');
select is_definer('coffee', 'get_user', array['uuid'], 'it runs as its owner');
select function_privs_are('coffee', 'get_user', array['uuid'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'get_user', array['uuid'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'get_user', array['uuid'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

insert into coffee.badges (code, name, description, measure, threshold) values ('tap_first', '첫', '처음', 'tap', 1);
set local moadb.now = '2027-01-01 00:00+00';
select coffee._award('00000000-0000-0000-0000-0000000000b1', 'tap', '1', 60);
set local role coffee_app;
select results_eq(
  $$ select g.user_id, g.email, g.username, g.experience_points, g.level, g.level_name, g.next_level_at, g.unread_notifications from coffee.get_user('00000000-0000-0000-0000-0000000000b1') as g $$,
  $$ values ('00000000-0000-0000-0000-0000000000b1'::uuid, 'b1@example.com', 'one', 60, 2, '원두 탐험가', 150, 2::bigint) $$, 'the user and the next level'
);
select is(
  (select g.badges #- '{0,awarded_at}' from coffee.get_user('00000000-0000-0000-0000-0000000000b1') as g), '[{"code": "tap_first", "name": "첫", "description": "처음"}]', 'badges by name'
);
select is_empty($$ select * from coffee.get_user('00000000-0000-0000-0000-0000000000ff') $$, 'nobody');
select is_empty('select * from coffee.get_user(null)', 'nobody at all');
reset role;
delete from coffee.levels where level > 2;
select is((select g.next_level_at from coffee.get_user('00000000-0000-0000-0000-0000000000b1') as g), null, 'after the last level there is none');

select * from finish();
rollback;
