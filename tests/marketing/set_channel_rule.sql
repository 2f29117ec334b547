begin;
select plan(16);

select has_function('marketing', 'set_channel_rule', array['text', 'text', 'text', 'text', 'integer']);
select function_returns('marketing', 'set_channel_rule', array['text', 'text', 'text', 'text', 'integer'], 'bigint');
select volatility_is('marketing', 'set_channel_rule', array['text', 'text', 'text', 'text', 'integer'], 'volatile');
select is_definer('marketing', 'set_channel_rule', array['text', 'text', 'text', 'text', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing.set_channel_rule(text, text, text, text, integer)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.set_channel_rule(text, text, text, text, integer)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.set_channel_rule(text, text, text, text, integer)', 'execute'), 'readers may not');

\ir team.psql

set local role marketing_admin;
select ok(marketing.set_channel_rule('google_ads', 'name', '^brand', 'youtube', 1) > 0, 'a rule');
reset role;
select is((select h.name::text from marketing.campaigns as c join marketing.channels as h on h.id = c.channel_id where c.id = 9001), 'youtube', 'campaigns move');
set local role marketing_admin;
select marketing.set_channel_rule('google_ads', 'name', '^brand', 'google_display', 1);
reset role;
select results_eq(
  $$ select h.name::text, r.priority from marketing.channel_rules as r join marketing.channels as h on h.id = r.channel_id where r.pattern = '^brand' $$,
  $$ values ('google_display', 1) $$, 'the same pattern again replaces it'
);
set local role marketing_admin;
select throws_ok($$ select marketing.set_channel_rule('tv', 'name', 'x', 'youtube') $$, 'MM014', null, 'no platform');
select throws_ok($$ select marketing.set_channel_rule('google_ads', 'name', 'x', 'radio') $$, 'MM015', null, 'no channel');
select throws_ok($$ select marketing.set_channel_rule('google_ads', 'name', 'x', 'kakao') $$, 'MM016', null, 'a channel of another platform');
select throws_ok($$ select marketing.set_channel_rule('google_ads', 'name', '(', 'youtube') $$, 'MM021', null, 'no expression');
select throws_ok($$ select marketing.set_channel_rule('google_ads', 'name', null, 'youtube') $$, 'MM021', null, 'none');
select throws_ok($$ select marketing.set_channel_rule('google_ads', 'colour', 'x', 'youtube') $$, 'MM021', null, 'what is not looked at');

select * from finish();
rollback;
