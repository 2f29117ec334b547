begin;
select plan(9);

select has_function('marketing', '_channel_of', array['text', 'text', 'text', 'text']);
select function_returns('marketing', '_channel_of', array['text', 'text', 'text', 'text'], 'bigint');
select volatility_is('marketing', '_channel_of', array['text', 'text', 'text', 'text'], 'stable');
select isnt_definer('marketing', '_channel_of', array['text', 'text', 'text', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._channel_of(text, text, text, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._channel_of(text, text, text, text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._channel_of(text, text, text, text)', 'execute'), 'readers may not');

select results_eq(
  $$ select h.name::text from (values (1, 'google_ads', 'x', null, 'SEARCH'), (2, 'google_ads', 'search', null, 'VIDEO'), (3, 'google_ads', 'x', null, 'PERFORMANCE_MAX'), (4, 'google_ads', '브랜드 검색', null, null), (5, 'meta_ads', '인스타 릴스', null, null), (6, 'meta_ads', 'spring_FB_feed', null, null), (7, 'meta_ads', 'big', null, null), (8, 'naver_ads', '파워링크', null, null), (9, 'naver_ads', 'x', null, 'GFA'), (10, 'kakao_ads', 'any', null, null), (11, 'tv', 'search', null, null)) as t (place, platform, name, objective, network) left join marketing.channels as h on h.id = marketing._channel_of(t.platform, t.name, t.objective, t.network) order by t.place $$,
  $$ values ('google_search'), ('youtube'), ('google_display'), ('google_search'), ('instagram'), ('facebook'), (null), ('naver_search'), ('naver_display'), ('kakao'), (null) $$,
  'the network says it, else the name'
);
insert into marketing.channel_rules (platform, field, pattern, channel_id, priority)
select 'google_ads', 'objective', '^awareness$', h.id, 1 from marketing.channels as h where h.name = 'youtube';
select is(
  marketing._channel_of('google_ads', 'search', 'Awareness', 'SEARCH'), (select h.id from marketing.channels as h where h.name = 'youtube'),
  'the lowest priority wins'
);

select * from finish();
rollback;
