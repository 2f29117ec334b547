begin;
select plan(21);

select has_function('marketing', 'register_user', array['text', 'text', 'text', 'text', 'text', 'text']);
select function_returns('marketing', 'register_user', array['text', 'text', 'text', 'text', 'text', 'text'], 'bigint');
select volatility_is('marketing', 'register_user', array['text', 'text', 'text', 'text', 'text', 'text'], 'volatile');
select is_definer('marketing', 'register_user', array['text', 'text', 'text', 'text', 'text', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.register_user(text, text, text, text, text, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.register_user(text, text, text, text, text, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.register_user(text, text, text, text, text, text)', 'execute'), 'readers may not');

set local moadb.now = '2027-01-01 00:00+00';
set local role marketing_app;
create temporary table made on commit drop as
  select marketing.register_user('Kim@Example.com', 'argon', 'Kim', 'Co', 'viewer', 'key') as id;
select is(marketing.register_user('Kim@Example.com', 'argon', 'Kim', 'Co', 'viewer', 'key'), (select m.id from made as m), 'the same request again');
select ok(marketing.register_user('lee@example.com', 'argon', 'Lee') > 0, 'company and role need not be said');
reset role;
select results_eq(
  $$ select u.email::text, u.password_hash::text, u.name::text, u.company_name::text, u.role::text, u.is_active, u.created_at, u.last_login from marketing.users as u where u.email like '%xample.com' order by u.id $$,
  $$ values ('Kim@Example.com', 'argon', 'Kim', 'Co', 'viewer', true, '2027-01-01 00:00+00'::timestamptz, null::timestamptz), ('lee@example.com', 'argon', 'Lee', null, 'user', true, '2027-01-01 00:00+00', null) $$,
  'as it was said'
);
set local role marketing_app;
select throws_ok($$ select marketing.register_user(null, 'a', 'b') $$, 'MM004', 'p_email is null', 'no address');
select throws_ok($$ select marketing.register_user('a@b', null, 'b') $$, 'MM004', 'p_password_hash is null', 'no hash');
select throws_ok($$ select marketing.register_user('a@b', 'a', null) $$, 'MM004', 'p_name is null', 'no name');
select throws_ok($$ select marketing.register_user('KIM@example.com', 'a', 'b') $$, 'MM011', 'there is a user with the address KIM@example.com already', 'an address once, whatever its case');
select throws_ok($$ select marketing.register_user('nobody', 'a', 'b') $$, 'MM012', null, 'no address either');
select throws_ok($$ select marketing.register_user('a@b', '', 'b') $$, 'MM012', null, 'an empty hash');
select throws_ok($$ select marketing.register_user('a@b', 'a', 'b', null, 'root') $$, 'MM012', null, 'no role');
select throws_ok($$ select marketing.register_user('a@b', 'a', repeat('b', 101)) $$, 'MM012', null, 'a long name');
select throws_ok($$ select marketing.register_user('x@b', 'a', 'b', p_request_key => 'key') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.register_user('x@b', 'a', 'b', p_request_key => '') $$, 'MP051', null, 'no key');
select is_empty('select u.id from marketing.users as u', 'nobody sees them');

select * from finish();
rollback;
