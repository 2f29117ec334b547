begin;
select plan(11);

create role tap_nobody;

select has_function('coffee', 'get_notification', array['bigint'], 'it exists');
select function_returns('coffee', 'get_notification', array['bigint'], 'setof record', 'it returns what it says');
select volatility_is('coffee', 'get_notification', array['bigint'], 'stable', 'it is stable');
select is_definer('coffee', 'get_notification', array['bigint'], 'it runs as its owner');
select function_privs_are('coffee', 'get_notification', array['bigint'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'get_notification', array['bigint'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'get_notification', array['bigint'], 'coffee_admin', '{}', 'coffee_admin does not');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

create temporary table ids as select coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap', '가', '{"a": 1}') as id;
grant select on ids to coffee_app;
set local role coffee_app;
select results_eq(
  'select g.email, g.username, g.type, g.content, g.metadata from coffee.get_notification((select id from ids)) as g',
  $$ values ('b1@example.com', 'one', 'tap', '가', '{"a": 1}'::jsonb) $$, 'what is to be sent to whom'
);
select is_empty('select * from coffee.get_notification(-1)', 'one that is not there');
select lives_ok($$ select coffee.delete_user('00000000-0000-0000-0000-0000000000b1') $$, 'the user goes');
select is_empty('select * from coffee.get_notification((select id from ids))', 'and it with the user');

select * from finish();
rollback;
