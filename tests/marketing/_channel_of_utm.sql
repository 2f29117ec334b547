begin;
select plan(10);

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

select is(
  marketing._channel_of_utm(9001, '{"utm_source": "google", "utm_medium": "cpc"}'),
  (select h.id from marketing.channels as h where h.name = 'google_search'), 'by the names that addresses have, too'
);
select marketing.record_touchpoints(9001, '[{"visitor": "v", "at": "2026-11-02 09:00+09", "event_key": "e", "utm": {"source": "google", "medium": "cpc"}}]');
select marketing.record_orders(9001, '[{"order_key": "o", "visitor": "v", "at": "2026-11-02 10:00+09", "revenue": 5000}]');
select results_eq(
  $$ select a.group_name, a.revenue from marketing.attribute_conversions(9001, '2026-11-02', '2026-11-02', 'last') as a where a.revenue > 0 $$,
  $$ values ('google_search', 5000::numeric) $$, 'an order is put down to it'
);

select * from finish();
rollback;
