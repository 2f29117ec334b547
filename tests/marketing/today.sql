begin;
select plan(14);

select has_function('marketing', 'today', array['bigint']);
select function_returns('marketing', 'today', array['bigint'], 'date');
select volatility_is('marketing', 'today', array['bigint'], 'stable');
select is_definer('marketing', 'today', array['bigint']);
select ok(has_function_privilege('marketing_app', 'marketing.today(bigint)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.today(bigint)', 'execute'), 'operators may');

\ir figures.psql

-- T8: an account in Los Angeles, a user in Seoul
set local moadb.now = '2026-03-02 08:30+09';
select is(marketing.today(1), date '2026-03-02', 'in Seoul it is the 2nd');
select is(marketing.today(2), date '2026-03-01', 'in Los Angeles still the 1st');
set local timezone = 'America/Los_Angeles';
select is(marketing.today(1), date '2026-03-02', 'whatever the session''s zone');
set local moadb.now = '2026-03-08 02:59-08';
select is(marketing.today(2), date '2026-03-08', 'on the day that has 23 hours');
select throws_ok('select marketing.today(-1)', 'MM007', null, 'an account that there is not');
select throws_ok('select marketing.today(null)', 'MM007', null, 'none');
select pg_temp.act_as(2);
select is(marketing.today(2), date '2026-03-08', 'a viewer may ask');
select pg_temp.act_as(3);
select throws_ok('select marketing.today(2)', 'MM007', null, 'of accounts that he sees');
reset role;

select * from finish();
rollback;
