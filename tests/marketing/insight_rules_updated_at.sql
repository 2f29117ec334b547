begin;
select plan(2);

select trigger_is('marketing', 'insight_rules', 'insight_rules_updated_at', 'platform', 'update_updated_at', 'on update');
set local moadb.now = '2026-02-01 00:00+09';
select marketing.set_insight_rule('ctr_low', '{"threshold": 0.4}');
select is((select r.updated_at from marketing.insight_rules as r where r.code = 'ctr_low'), '2026-02-01 00:00+09'::timestamptz, 'set');

select * from finish();
rollback;
