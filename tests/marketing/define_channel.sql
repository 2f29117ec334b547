begin;
select plan(13);

select has_function('marketing', 'define_channel', array['text', 'text', 'text', 'text', 'boolean']);
select function_returns('marketing', 'define_channel', array['text', 'text', 'text', 'text', 'boolean'], 'bigint');
select volatility_is('marketing', 'define_channel', array['text', 'text', 'text', 'text', 'boolean'], 'volatile');
select is_definer('marketing', 'define_channel', array['text', 'text', 'text', 'text', 'boolean']);
select ok(not has_function_privilege('marketing_app', 'marketing.define_channel(text, text, text, text, boolean)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.define_channel(text, text, text, text, boolean)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.define_channel(text, text, text, text, boolean)', 'execute'), 'readers may not');

set local role marketing_admin;
select ok(marketing.define_channel('tiktok', 'tiktok', 'TikTok 광고') > 0, 'a new one');
select ok(marketing.define_channel('kakao', 'kakao', '카카오', 'https://icon.example/k.png', false) > 0, 'one anew');
reset role;
select results_eq(
  $$ select h.name::text, h.display_name::text, h.icon_url::text, h.is_active from marketing.v_channels as h where h.name in ('kakao', 'tiktok') order by 1 $$,
  $$ values ('kakao', '카카오', 'https://icon.example/k.png', false), ('tiktok', 'TikTok 광고', null, true) $$, 'as it was said'
);
set local role marketing_admin;
select throws_ok($$ select marketing.define_channel('kakao', 'google', 'x') $$, 'MM012', null, 'its platform stays');
select throws_ok($$ select marketing.define_channel('A B', 'google', 'x') $$, 'MM012', null, 'no name for programs');
select throws_ok($$ select marketing.define_channel('ab', 'google', null) $$, 'MM012', null, 'none for people');

select * from finish();
rollback;
