begin;
select plan(14);

select has_function('marketing', 'define_platform', array['text', 'text', 'jsonb']);
select function_returns('marketing', 'define_platform', array['text', 'text', 'jsonb'], 'void');
select volatility_is('marketing', 'define_platform', array['text', 'text', 'jsonb'], 'volatile');
select is_definer('marketing', 'define_platform', array['text', 'text', 'jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing.define_platform(text, text, jsonb)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.define_platform(text, text, jsonb)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.define_platform(text, text, jsonb)', 'execute'), 'readers may not');

set local role marketing_admin;
select marketing.define_platform('tiktok_ads', 'TikTok', '{"channel_platform": "tiktok", "history_months": 12, "max_days_per_call": 30, "restate_days": 7}');
select marketing.define_platform('naver_ads', '네이버');
reset role;
select results_eq(
  $$ select p.platform::text, p.display_name, p.channel_platform::text, p.history_months, p.max_days_per_call, p.restate_days from marketing.v_platforms as p where p.platform in ('tiktok_ads', 'naver_ads') order by 1 desc $$,
  $$ values ('tiktok_ads', 'TikTok', 'tiktok', 12, 30, 7), ('naver_ads', '네이버', null, null, null, 30) $$, 'a new one, and one anew'
);
set local role marketing_admin;
select throws_ok($$ select marketing.define_platform('TV', 'x') $$, 'MM012', null, 'no name for programs');
select throws_ok($$ select marketing.define_platform('tv', null) $$, 'MM012', null, 'none for people');
select throws_ok($$ select marketing.define_platform('tv', 'x', '{"restate_days": "x"}') $$, 'MM012', null, 'no number');
select throws_ok($$ select marketing.define_platform('tv', 'x', '{"history_months": "1_2"}') $$, 'MM012', null, 'a number in one version of the server');
select throws_ok($$ select marketing.define_platform('tv', 'x', '{"max_days_per_call": 7.5}') $$, 'MM012', null, 'whole days');
select throws_ok($$ select marketing.define_platform('tv', 'x', '{"colour": "x"}') $$, 'MM012', null, 'what there is not');

select * from finish();
rollback;
