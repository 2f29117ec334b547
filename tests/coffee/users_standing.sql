begin;
select plan(7);

select has_function('coffee', '_users_standing', '{}'::text[], 'it exists');
select function_returns('coffee', '_users_standing', '{}'::text[], 'trigger', 'it is a trigger function');
select isnt_definer('coffee', '_users_standing', '{}'::text[], 'it runs as its caller');
select trigger_is('coffee', 'users', 'users_standing', 'coffee', '_users_standing', 'the table calls it');

insert into coffee.users (id, email, experience_points, level, badges)
values ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com', 9000, 9, '["tap"]');
select results_eq(
  $$ select u.experience_points, u.level, u.badges from coffee.users as u $$, $$ values (0, 1, '[]'::jsonb) $$, 'a new user has earned nothing'
);
insert into coffee.experience_entries (user_id, reason, reference, points) values ('00000000-0000-0000-0000-0000000000b1', 'tap', '1', 160);
select results_eq($$ select u.experience_points, u.level from coffee.users as u $$, $$ values (160, 3) $$, 'the ledger counts');
update coffee.users set experience_points = 9000, level = 10, badges = '["tap"]';
select results_eq(
  $$ select u.experience_points, u.level, u.badges from coffee.users as u $$, $$ values (160, 3, '[]'::jsonb) $$, 'and nothing else'
);

select * from finish();
rollback;
