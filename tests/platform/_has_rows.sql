begin;
select plan(8);

create role tap_nobody;

select has_function('platform', '_has_rows', array['regclass'], 'it exists');
select function_returns('platform', '_has_rows', array['regclass'], 'boolean', 'it returns a boolean');
select volatility_is('platform', '_has_rows', array['regclass'], 'stable', 'it reads');
select isnt_definer('platform', '_has_rows', array['regclass'], 'it runs as its caller');
select function_privs_are('platform', '_has_rows', array['regclass'], 'tap_nobody', '{}', 'it is internal');

create schema tap;
create table tap."a Table" (a integer);
select is(platform._has_rows('tap."a Table"'), false, 'an empty table has none');
insert into tap."a Table" values (null);
select is(platform._has_rows('tap."a Table"'), true, 'a row is a row');
select is(platform._has_rows(null), null, 'null is unknown');

select * from finish();
rollback;
