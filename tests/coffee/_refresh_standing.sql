begin;
select plan(7);

create role tap_nobody;

select has_function('coffee', '_refresh_standing', array['uuid[]'], 'it exists');
select function_returns('coffee', '_refresh_standing', array['uuid[]'], 'void', 'it returns nothing');
select isnt_definer('coffee', '_refresh_standing', array['uuid[]'], 'it runs as its caller');
select function_privs_are('coffee', '_refresh_standing', array['uuid[]'], 'tap_nobody', '{}', 'it is internal');

insert into coffee.users (id, email) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com');
select lives_ok('select coffee._refresh_standing(null)', 'nobody');
select lives_ok($$ select coffee._refresh_standing('{00000000-0000-0000-0000-0000000000b1}') $$, 'somebody who has earned nothing');
select is((select count(*) from coffee.notifications), 0::bigint, 'is told nothing');

select * from finish();
rollback;
