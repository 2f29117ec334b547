begin;
select plan(19);

select has_function('marketing', 'edit_user', array['bigint', 'jsonb']);
select function_returns('marketing', 'edit_user', array['bigint', 'jsonb'], 'void');
select volatility_is('marketing', 'edit_user', array['bigint', 'jsonb'], 'volatile');
select is_definer('marketing', 'edit_user', array['bigint', 'jsonb']);
select ok(has_function_privilege('marketing_app', 'marketing.edit_user(bigint, jsonb)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.edit_user(bigint, jsonb)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.edit_user(bigint, jsonb)', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9002);
select marketing.edit_user(9002, '{"email": "new@team.example", "name": "New", "company_name": null, "password_hash": "h2"}');
reset role;
select results_eq(
  'select u.email::text, u.name::text, u.company_name::text, u.password_hash::text, u.role::text from marketing.users as u where u.id = 9002',
  $$ values ('new@team.example', 'New', null, 'h2', 'user') $$, 'users change themselves'
);
select pg_temp.act_as(9002);
select throws_ok($$ select marketing.edit_user(9001, '{"name": "x"}') $$, 'MM009', 'there is no user 9001', 'nobody else');
select throws_ok($$ select marketing.edit_user(9002, '{"role": "admin"}') $$, 'MM012', null, 'and not what they are');
select throws_ok($$ select marketing.edit_user(9002, '{"is_active": true}') $$, 'MM012', null, 'nor whether they may act');
select throws_ok($$ select marketing.edit_user(9002, '{"email": "ADMIN@team.example"}') $$, 'MM011', null, 'an address of another');
select throws_ok($$ select marketing.edit_user(9002, '{"email": "x"}') $$, 'MM012', null, 'no address');
select throws_ok($$ select marketing.edit_user(9002, '{"name": null}') $$, 'MM012', null, 'no name');
select marketing.act_as(null);
select throws_ok($$ select marketing.edit_user(9002, '{}') $$, 'MM003', null, 'nobody changes nobody');
set local role marketing_admin;
select lives_ok($$ select marketing.edit_user(9005, '{"is_active": true, "role": "viewer"}') $$, 'operators change anybody');
select throws_ok($$ select marketing.edit_user(-1, '{}') $$, 'MM009', null, 'but not who there is not');
select throws_ok($$ select marketing.edit_user(9005, '{"is_active": "maybe"}') $$, 'MM012', null, 'neither true nor false');
reset role;
select results_eq('select u.is_active, u.role::text from marketing.users as u where u.id = 9005', $$ values (true, 'viewer') $$, 'and let them in again');

select * from finish();
rollback;
