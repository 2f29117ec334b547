begin;
select plan(12);

select has_function('marketing', 'mark_insight_read', array['bigint', 'boolean']);
select volatility_is('marketing', 'mark_insight_read', array['bigint', 'boolean'], 'volatile');
select is_definer('marketing', 'mark_insight_read', array['bigint', 'boolean']);
select function_privs_are('marketing', 'mark_insight_read', array['bigint', 'boolean'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'mark_insight_read', array['bigint', 'boolean'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql
\ir told.psql

set local role marketing_app;
select throws_ok($$ select marketing.mark_insight_read(-899) $$, 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok($$ select marketing.mark_insight_read(-899) $$, 'MM002', null, 'viewers do not');
select marketing.act_as(9103);
select throws_ok($$ select marketing.mark_insight_read(-899) $$, 'MM110', 'there is no insight -899', 'who is no member does not see it');
select marketing.act_as(9101);
select throws_ok($$ select marketing.mark_insight_read(-1) $$, 'MM110', 'there is no insight -1', 'there is none');

select marketing.mark_insight_read(-899);
select marketing.mark_insight_read(-899);
select is((select l.is_read from marketing.list_insights(9001) as l where l.id = -899), true, 'read');
select is((select count(*) from marketing.list_insights(9001) as l where l.is_read), 1::bigint, 'it alone');
select marketing.mark_insight_read(-899, false);
select is((select l.is_read from marketing.list_insights(9001) as l where l.id = -899), false, 'or not');
reset role;

select * from finish();
rollback;
