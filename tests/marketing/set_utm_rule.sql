begin;
select plan(14);

select has_function('marketing', 'set_utm_rule', array['bigint', 'text', 'text', 'text']);
select function_returns('marketing', 'set_utm_rule', array['bigint', 'text', 'text', 'text'], 'void');
select volatility_is('marketing', 'set_utm_rule', array['bigint', 'text', 'text', 'text'], 'volatile');
select is_definer('marketing', 'set_utm_rule', array['bigint', 'text', 'text', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.set_utm_rule(bigint, text, text, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.set_utm_rule(bigint, text, text, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.set_utm_rule(bigint, text, text, text)', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9002);
select marketing.set_utm_rule(9001, 'Google', 'CPC', 'google_search');
select marketing.set_utm_rule(9001, 'google', p_channel_name => 'google_display');
select marketing.set_utm_rule(9001, 'google', 'cpc', 'youtube');
select results_eq(
  $$ select r.source, r.medium, r.channel::text from marketing.v_utm_rules as r order by r.medium nulls last $$,
  $$ values ('google', 'cpc', 'youtube'), ('google', null, 'google_display') $$, 'as it was said last'
);
select marketing.set_utm_rule(9001, 'google', 'cpc');
select is((select count(*) from marketing.v_utm_rules), 1::bigint, 'one less');
select throws_ok($$ select marketing.set_utm_rule(9001, '', 'cpc') $$, 'MM004', null, 'no source');
select throws_ok(
  $$ select marketing.set_utm_rule(9001, repeat('x', 201), 'cpc', 'kakao') $$, 'MM012', null, 'a source that nobody writes'
);
select throws_ok($$ select marketing.set_utm_rule(9001, 'x', 'cpc', 'radio') $$, 'MM015', null, 'no channel');
select throws_ok($$ select marketing.set_utm_rule(9002, 'x', 'cpc', 'kakao') $$, 'MM001', null, 'another''s workspace');
select marketing.act_as(9003);
select throws_ok($$ select marketing.set_utm_rule(9001, 'x', 'cpc', 'kakao') $$, 'MM002', null, 'a viewer writes nothing');

select * from finish();
rollback;
