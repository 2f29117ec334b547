begin;
select plan(8);

select has_function('marketing', '_channel_of_utm', array['bigint', 'jsonb']);
select function_returns('marketing', '_channel_of_utm', array['bigint', 'jsonb'], 'bigint');
select volatility_is('marketing', '_channel_of_utm', array['bigint', 'jsonb'], 'stable');
select isnt_definer('marketing', '_channel_of_utm', array['bigint', 'jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._channel_of_utm(bigint, jsonb)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._channel_of_utm(bigint, jsonb)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._channel_of_utm(bigint, jsonb)', 'execute'), 'readers may not');

\ir team.psql

insert into marketing.utm_rules (workspace_id, source, medium, channel_id)
select 9001, 'google', r.medium, h.id
from (values ('cpc', 'google_search'), ('', 'google_display')) as r (medium, channel)
join marketing.channels as h on h.name = r.channel;
select results_eq(
  $$ select h.name::text from (values (1, 9001, '{"source": "Google", "medium": "CPC"}'), (2, 9001, '{"source": "google", "medium": "x"}'), (3, 9001, '{"source": "google"}'), (4, 9001, '{"source": "bing"}'), (5, 9001, '{}'), (6, 9002, '{"source": "google"}')) as t (place, workspace, utm) left join marketing.channels as h on h.id = marketing._channel_of_utm(t.workspace, t.utm::jsonb) order by t.place $$,
  $$ values ('google_search'), ('google_display'), ('google_display'), (null), (null), (null) $$, 'by source and medium, or by source alone'
);

select * from finish();
rollback;
