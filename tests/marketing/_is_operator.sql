begin;
select plan(12);

select has_function('marketing', '_is_operator', array[]::name[]);
select function_returns('marketing', '_is_operator', array[]::name[], 'boolean');
select volatility_is('marketing', '_is_operator', array[]::name[], 'stable');
select isnt_definer('marketing', '_is_operator', array[]::name[]);
select ok(not has_function_privilege('marketing_app', 'marketing._is_operator()', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._is_operator()', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._is_operator()', 'execute'), 'readers may not');

set local role marketing_app;
reset role;
select ok(marketing._is_operator(), 'a superuser operates');
create function pg_temp.asked() returns boolean language sql security definer as 'select marketing._is_operator()';
set local role marketing_app;
select ok(not pg_temp.asked(), 'an application does not');
set local role marketing_admin;
select ok(pg_temp.asked(), 'marketing_admin does');
set local role moadb_owner;
select ok(pg_temp.asked(), 'the owner does: deployers, the scheduler');
set local role marketing_read;
select ok(not pg_temp.asked(), 'a reader does not');

select * from finish();
rollback;
