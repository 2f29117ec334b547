begin;
select plan(8);

select has_function('coffee', '_levels_follow', '{}'::text[], 'it exists');
select function_returns('coffee', '_levels_follow', '{}'::text[], 'trigger', 'it is a trigger function');
select isnt_definer('coffee', '_levels_follow', '{}'::text[], 'it runs as its caller');
select trigger_is('coffee', 'levels', 'levels_follow', 'coffee', '_levels_follow', 'the table calls it');

insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com');
insert into coffee.experience_entries (user_id, reason, reference, points) values ('00000000-0000-0000-0000-0000000000b1', 'tap', '1', 100);
select results_eq('select u.level from coffee.users as u order by u.id', 'values (2), (1)', 'with a hundred points one has the second level');
update coffee.levels set experience_points = 100 where level = 3;
select results_eq('select u.level from coffee.users as u order by u.id', 'values (3), (1)', 'the third, now that it takes less');
delete from coffee.levels where level > 1;
select results_eq('select u.level from coffee.users as u order by u.id', 'values (1), (1)', 'where there is but one level, all have it');
select throws_ok(
  $$ insert into coffee.levels (level, experience_points, name) values (2, 0, '둘') $$, '23514',
  'new row for relation "levels" violates check constraint "levels_first_check"', 'only the first is free'
);

select * from finish();
rollback;
