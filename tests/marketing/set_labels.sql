begin;
select plan(15);

select has_function('marketing', 'set_labels', array['bigint', 'bigint', 'text[]']);
select function_returns('marketing', 'set_labels', array['bigint', 'bigint', 'text[]'], 'void');
select volatility_is('marketing', 'set_labels', array['bigint', 'bigint', 'text[]'], 'volatile');
select is_definer('marketing', 'set_labels', array['bigint', 'bigint', 'text[]']);
select ok(has_function_privilege('marketing_app', 'marketing.set_labels(bigint, bigint, text[])', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.set_labels(bigint, bigint, text[])', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.set_labels(bigint, bigint, text[])', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9002);
select marketing.set_labels(9001, 9001, '{always on,브랜드,always on}');
select marketing.set_labels(9001, 9001, '{브랜드,q1}');
select results_eq($$ select l.label from marketing.v_campaign_labels as l order by 1 $$, $$ values ('q1'), ('브랜드') $$, 'these and no others');
select throws_ok($$ select marketing.set_labels(9001, 9001, array['']) $$, 'MM012', null, 'an empty one');
select throws_ok($$ select marketing.set_labels(9001, 9001, array[null]) $$, 'MM012', null, 'none');
select throws_ok($$ select marketing.set_labels(9001, 9003, '{a}') $$, 'MM008', null, 'another''s campaign');
select throws_ok($$ select marketing.set_labels(9002, 9003, '{a}') $$, 'MM001', null, 'another''s workspace');
select marketing.act_as(9003);
select throws_ok($$ select marketing.set_labels(9001, 9001, '{a}') $$, 'MM002', null, 'a viewer writes nothing');
select marketing.act_as(9004);
select is_empty('select l.label from marketing.v_campaign_labels as l', 'others do not see them');
select marketing.act_as(9002);
select marketing.set_labels(9001, 9001, null);
select is_empty('select l.label from marketing.v_campaign_labels as l', 'none');

select * from finish();
rollback;
