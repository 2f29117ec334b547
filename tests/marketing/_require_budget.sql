begin;
select plan(10);
\ir budgets.psql

select has_function('marketing', '_require_budget', array['bigint', 'text']);
select function_returns('marketing', '_require_budget', array['bigint', 'text'], 'bigint');
select volatility_is('marketing', '_require_budget', array['bigint', 'text'], 'stable');
select isnt_definer('marketing', '_require_budget', array['bigint', 'text']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as id;
select is(marketing._require_budget(b.id, 'admin'), 1::bigint, 'an operator may, while nobody acts') from b;
select marketing.act_as(3);
select is(marketing._require_budget(b.id, 'viewer'), 1::bigint, 'a viewer reads') from b;
select throws_ok('select marketing._require_budget((select id from b), ''user'')', 'MM002', null, 'and does not write');
select marketing.act_as(4);
select throws_ok('select marketing._require_budget((select id from b), ''viewer'')', 'MM090', null, 'to others it is not there');
select throws_ok('select marketing._require_budget(-1, ''viewer'')', 'MM090', 'there is no budget -1', 'as one that is not');
select marketing.act_as(null);
set local role marketing_app;
select throws_ok('set local role marketing_app; select marketing.budget_pacing(-1)', 'MM003', null, 'an application says who acts');
reset role;

select * from finish();
rollback;
