begin;
select plan(7);

select has_function('marketing', '_finding_key', array['marketing.insight_finding']);
select volatility_is('marketing', '_finding_key', array['marketing.insight_finding'], 'immutable');
select isnt_definer('marketing', '_finding_key', array['marketing.insight_finding']);
select function_privs_are('marketing', '_finding_key', array['marketing.insight_finding'], 'marketing_app', '{}');
select is(marketing._finding_key(row('r', 5, 7, '2026-11-17', null, 1, 2, '{}')), 'r:campaign 7', 'of a campaign, on whatever day');
select is(marketing._finding_key(row('r', 5, 7, '2026-11-17', 'up', 1, 2, '{}')), 'r:campaign 7:up', 'and direction');
select is(marketing._finding_key(row('r', 5, null, '2026-11-17', null, 1, 2, '{}')), 'r:account 5', 'of an account');

select * from finish();
rollback;
