begin;
select plan(8);

select has_function('coffee', '_badges_follow', '{}'::text[], 'it exists');
select function_returns('coffee', '_badges_follow', '{}'::text[], 'trigger', 'it is a trigger function');
select isnt_definer('coffee', '_badges_follow', '{}'::text[], 'it runs as its caller');
select trigger_is('coffee', 'badges', 'badges_follow', 'coffee', '_badges_follow', 'the table calls it');

insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-0000000000b1', 'b1@example.com'), ('00000000-0000-0000-0000-0000000000b2', 'b2@example.com');
insert into coffee.experience_entries (user_id, reason, reference, points)
select '00000000-0000-0000-0000-0000000000b1', 'tap', n, 1 from generate_series(1, 5) as n;

insert into coffee.badges (code, name, description, measure, threshold) values ('tap_five', '다섯', '다섯', 'tap', 5), ('tap_six', '여섯', '여섯', 'tap', 6);
select results_eq(
  'select u.badges from coffee.users as u order by u.id', $$ values ('["tap_five"]'::jsonb), ('[]') $$, 'who has earned it before it was there has it'
);
select is((select count(*) from coffee.notifications), 1::bigint, 'and is told');
update coffee.badges set threshold = 4 where code = 'tap_six';
select results_eq(
  'select jsonb_array_length(u.badges) from coffee.users as u order by u.id', 'values (2), (0)', 'one that becomes easier is awarded'
);
update coffee.badges set threshold = 400;
select results_eq(
  'select jsonb_array_length(u.badges) from coffee.users as u order by u.id', 'values (2), (0)', 'one that becomes harder is not taken away'
);

select * from finish();
rollback;
