begin;
select plan(13);

create role tap_nobody;

select has_function('coffee', 'mark_read', array['uuid', 'bigint[]'], 'it exists');
select function_returns('coffee', 'mark_read', array['uuid', 'bigint[]'], 'integer', 'it returns what it says');
select volatility_is('coffee', 'mark_read', array['uuid', 'bigint[]'], 'volatile', 'it is volatile');
select is_definer('coffee', 'mark_read', array['uuid', 'bigint[]'], 'it runs as its owner');
select function_privs_are('coffee', 'mark_read', array['uuid', 'bigint[]'], 'tap_nobody', '{}', 'nobody else calls it');
select function_privs_are('coffee', 'mark_read', array['uuid', 'bigint[]'], 'coffee_app', '{EXECUTE}', 'coffee_app calls it');
select function_privs_are('coffee', 'mark_read', array['uuid', 'bigint[]'], 'coffee_admin', '{}', 'coffee_admin does not');

insert into coffee.users (id, email, username) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 'one'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com', null);

create temporary table ids as select n, coffee._notify('00000000-0000-0000-0000-0000000000b1', 'tap', n::text) as id from generate_series(1, 5) as n;
insert into ids select 6, coffee._notify('00000000-0000-0000-0000-0000000000b2', 'tap', '6');
grant select on ids to coffee_app;
set local moadb.now = '2027-01-01 00:00+00';
set local role coffee_app;
select is(coffee.mark_read('00000000-0000-0000-0000-0000000000b1', (select array_agg(i.id) from ids as i where i.n in (1, 2, 6))), 2, 'one''s own');
select is(coffee.mark_read('00000000-0000-0000-0000-0000000000b1', (select array_agg(i.id) from ids as i where i.n in (1, 2, 3))), 1, 'once');
select is(coffee.mark_read('00000000-0000-0000-0000-0000000000b1', '{}'), 0, 'none');
select is(coffee.mark_read('00000000-0000-0000-0000-0000000000b1'), 2, 'all that are left');
select is(coffee.mark_read('00000000-0000-0000-0000-0000000000b1'), 0, 'nothing is left');
reset role;
select is((select count(*) from coffee.notifications as n where n.read_at = '2027-01-01 00:00+00'), 5::bigint, 'each has its time');

select * from finish();
rollback;
