begin;
select plan(10);

select has_function('marketing', 'record_login', array['bigint']);
select function_returns('marketing', 'record_login', array['bigint'], 'void');
select volatility_is('marketing', 'record_login', array['bigint'], 'volatile');
select is_definer('marketing', 'record_login', array['bigint']);
select ok(has_function_privilege('marketing_app', 'marketing.record_login(bigint)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.record_login(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.record_login(bigint)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2027-01-01 00:00+00';
set local role marketing_app;
select marketing.record_login(9002);
select throws_ok('select marketing.record_login(9005)', 'MM009', null, 'who is not active cannot');
select throws_ok('select marketing.record_login(-1)', 'MM009', null, 'nor who there is not');
reset role;
select is((select u.last_login from marketing.users as u where u.id = 9002), '2027-01-01 00:00+00'::timestamptz, 'when');

select * from finish();
rollback;
