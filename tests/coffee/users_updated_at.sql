begin;
select plan(2);

select trigger_is('coffee', 'users', 'users_updated_at', 'platform', 'update_updated_at', 'the table calls it');
insert into coffee.users (id, email) values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com');
set local moadb.now = '2027-01-01 00:00+00';
update coffee.users set username = 'tap';
select is((select u.updated_at from coffee.users as u), '2027-01-01 00:00+00'::timestamptz, 'a change has its time');

select * from finish();
rollback;
