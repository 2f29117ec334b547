begin;
select plan(23);

create role tap_nobody;

select has_function('coffee', 'edit_user', array['uuid', 'jsonb'], 'it exists');
select function_returns('coffee', 'edit_user', array['uuid', 'jsonb'], 'void', 'it returns what it says');
select volatility_is('coffee', 'edit_user', array['uuid', 'jsonb'], 'volatile', 'it is volatile');
select is_definer('coffee', 'edit_user', array['uuid', 'jsonb'], 'it runs as its owner');
select function_privs_are('coffee', 'edit_user', array['uuid', 'jsonb'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'edit_user', array['uuid', 'jsonb'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'edit_user', array['uuid', 'jsonb'], 'coffee_admin', '{EXECUTE}', 'coffee_admin calls it');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

set local role coffee_app;
select lives_ok($$ select coffee.edit_user('00000000-0000-0000-0000-0000000000b1', '{"email": "New@example.com", "time_zone": "UTC", "profile": {"a": 1}}') $$, 'some of it');
select lives_ok($$ select coffee.edit_user('00000000-0000-0000-0000-0000000000b1', '{"email": "new@example.com"}') $$, 'one''s own address in another case');
select lives_ok($$ select coffee.edit_user('00000000-0000-0000-0000-0000000000b1', '{"username": null, "time_zone": null}') $$, 'a name is given up');
select lives_ok($$ select coffee.edit_user('00000000-0000-0000-0000-0000000000b1', '{}') $$, 'nothing');
reset role;
select results_eq(
  $$ select u.email, u.username, u.time_zone, u.profile from coffee.users as u where u.id = '00000000-0000-0000-0000-0000000000b1' $$,
  $$ values ('new@example.com'::varchar, null::varchar, 'UTC'::platform.time_zone, '{"a": 1}'::jsonb) $$, 'is as it was said'
);
set local role coffee_app;
select throws_ok(format('select coffee.edit_user(%s, %L)', t.user_id, t.changes), t.code, null, t.description)
from (
  values
    (1, 'null', '{}', 'MF001', 'a user is needed'),
    (2, '''00000000-0000-0000-0000-0000000000b1''', null, 'MF001', 'a change is needed'),
    (3, '''00000000-0000-0000-0000-0000000000b1''', '[]', 'MF143', 'an object'),
    (4, '''00000000-0000-0000-0000-0000000000ff''', '{}', 'MF140', 'somebody who is there'),
    (5, '''00000000-0000-0000-0000-0000000000b1''', '{"email": "B2@example.com"}', 'MF141', 'an address that another one has'),
    (6, '''00000000-0000-0000-0000-0000000000b1''', '{"email": null}', 'MF143', 'an address is not given up'),
    (7, '''00000000-0000-0000-0000-0000000000b1''', '{"email": "x"}', 'MF143', 'nor made to nothing'),
    (8, '''00000000-0000-0000-0000-0000000000b1''', '{"profile": 1}', 'MF143', 'a profile is an object'),
    (9, '''00000000-0000-0000-0000-0000000000b1''', '{"experience_points": 1000}', 'MF143', 'points are earned'),
    (10, '''00000000-0000-0000-0000-0000000000b1''', '{"time_zone": "UTC+9"}', 'MP033', 'a zone is a zone')
) as t (place, user_id, changes, code, description)
order by t.place;
reset role;
update coffee.users set username = 'two' where id = '00000000-0000-0000-0000-0000000000b2';
select throws_ok($$ select coffee.edit_user('00000000-0000-0000-0000-0000000000b1', '{"username": "TWO"}') $$, 'MF142', 'there is a user TWO already', 'a name that another one has');

select * from finish();
rollback;
