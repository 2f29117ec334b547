begin;
select plan(21);

select has_function('marketing', 'edit_workspace', array['bigint', 'jsonb']);
select function_returns('marketing', 'edit_workspace', array['bigint', 'jsonb'], 'void');
select volatility_is('marketing', 'edit_workspace', array['bigint', 'jsonb'], 'volatile');
select is_definer('marketing', 'edit_workspace', array['bigint', 'jsonb']);
select ok(has_function_privilege('marketing_app', 'marketing.edit_workspace(bigint, jsonb)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.edit_workspace(bigint, jsonb)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.edit_workspace(bigint, jsonb)', 'execute'), 'readers may not');

\ir team.psql

select pg_temp.act_as(9001);
select marketing.edit_workspace(9001, '{"name": "Renamed", "time_zone": "UTC", "report_currency": "USD", "rate_max_age": 3}');
select results_eq(
  'select w.name, w.time_zone::text, w.report_currency, w.rate_max_age from marketing.v_workspaces as w',
  $$ values ('Renamed', 'UTC', 'USD', 3) $$, 'all that is given'
);
select lives_ok($$ select marketing.edit_workspace(9001, '{}') $$, 'or nothing');
select throws_ok($$ select marketing.edit_workspace(9001, '{"name": ""}') $$, 'MM012', null, 'an empty name');
select throws_ok($$ select marketing.edit_workspace(9001, '{"id": 1}') $$, 'MM012', null, 'what cannot be given');
select throws_ok($$ select marketing.edit_workspace(9001, '{"rate_max_age": 61}') $$, 'MM012', null, 'too old');
select throws_ok($$ select marketing.edit_workspace(9001, '{"rate_max_age": "x"}') $$, 'MM012', null, 'no number');
select throws_ok($$ select marketing.edit_workspace(9001, '{"rate_max_age": "0x1f"}') $$, 'MM012', null, 'a number in one version of the server');
select throws_ok($$ select marketing.edit_workspace(9001, '{"rate_max_age": " 5"}') $$, 'MM012', null, 'digits, and nothing else');
select throws_ok($$ select marketing.edit_workspace(9001, '{"report_currency": "XXX"}') $$, 'MM012', null, 'no currency');
select throws_ok($$ select marketing.edit_workspace(9001, '{"time_zone": "KST"}') $$, 'MP033', null, 'no zone');
select throws_ok($$ select marketing.edit_workspace(9002, '{}') $$, 'MM001', 'there is no workspace 9002', 'another''s');
select marketing.act_as(9002);
select throws_ok($$ select marketing.edit_workspace(9001, '{}') $$, 'MM002', null, 'a user may not');
reset role;
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9001, '2026-11-01', 100, 10, 1000, 1, 2000, 0, 0, 0, 0);
insert into marketing.campaign_monthly (campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9001, '2026-11-01', 1, 100, 10, 1000, 1, 2000, 0, 0, 0, 0);
select marketing._refresh_channels('{9001}', '2026-11-01', '2026-11-01');
select results_eq(
  'select p.currency, p.total_spend from marketing.channel_performance as p', $$ values ('USD', null::numeric) $$, 'no rate, no money'
);
select pg_temp.act_as(9001);
select marketing.edit_workspace(9001, '{"report_currency": "KRW"}');
reset role;
select results_eq(
  'select p.currency, p.total_spend from marketing.channel_performance as p', $$ values ('KRW', 1000.000000) $$,
  'another currency is that of the past, too'
);

select * from finish();
rollback;
