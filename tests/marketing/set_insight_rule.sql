begin;
select plan(14);

select has_function('marketing', 'set_insight_rule', array['text', 'jsonb']);
select volatility_is('marketing', 'set_insight_rule', array['text', 'jsonb'], 'volatile');
select is_definer('marketing', 'set_insight_rule', array['text', 'jsonb']);
select function_privs_are('marketing', 'set_insight_rule', array['text', 'jsonb'], 'marketing_app', '{}');
select function_privs_are('marketing', 'set_insight_rule', array['text', 'jsonb'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql

set local role marketing_admin;
select marketing.set_insight_rule('own', '{
  "kind": "threshold", "type": "warning", "category": "budget", "metric": "cpm", "comparison": ">", "threshold": 1000, "window_days": 2,
  "title": "{campaign} {value}", "minimum": {"impressions": 10}
}');
reset role;
select results_eq(
  $$ select r.kind::text, r.metric, r.threshold, r.minimum, r.priority::text, r.outcome_days, r.is_active from marketing.insight_rules as r where r.code = 'own' $$,
  $$ values ('threshold', 'cpm', 1000.000000, '{"impressions": 10}'::jsonb, 'medium', 14, true) $$, 'made; what is not said is the default'
);
select pg_temp.day(9301, d::date, 100, 1, 150, 0) from generate_series('2026-11-16', '2026-11-17', interval '1 day') as d;
select is((select i.title::text from marketing._run_insight_rules('{threshold}', 9001, null) as r, marketing.insights as i), null, 'it is run');
select is((select i.title::text from marketing.insights as i where i.rule_code = 'own'), 'C1 1,500 KRW', 'it is followed');
set local role marketing_admin;
select marketing.set_insight_rule('own', '{"threshold": 2000, "description": "d"}');
select marketing.set_insight_rule('own', '{}');
reset role;
select results_eq(
  $$ select r.threshold, r.description, r.metric from marketing.insight_rules as r where r.code = 'own' $$, $$ values (2000.000000, 'd', 'cpm') $$, 'changed; the rest stays'
);
create function pg_temp.attempt(p_terms jsonb) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing.set_insight_rule('own', p_terms);
  return null;
exception
  when sqlstate 'MM112' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return coalesce(v_detail::jsonb ->> 'constraint', v_detail::jsonb ->> 'problem');
end;
$$;
select results_eq(
  $$
    select pg_temp.attempt(t.terms)
    from unnest(array[
      '{"metric": "reach"}', '{"metric": null}', '{"kind": "other", "baseline_days": 7}', '{"comparison": "<>"}', '{"comparison": "="}', '{"window_days": 0}',
      '{"baseline_days": 7}', '{"minimum": {"reach": 1}}', '{"minimum": {"clicks": -1}}', '{"minimum": {"clicks": "1"}}', '{"minimum": []}',
      '{"title": "{value"}', '{"title": "{sum}"}', '{"suggested_action": "{}"}', '{"title": ""}', '{"expires_after": "1 hour"}', '{"grace": "-1 hour"}',
      '{"threshold": "NaN"}', '{"type": "x"}', '{"category": "x"}', '{"priority": "x"}', '{"code": "x"}', '{"no": 1}', '[]', 'null',
      '{"threshold": "much"}', '{"kind": "anomaly", "baseline_days": 84}', '{"kind": "gap", "metric": null, "baseline_days": 7, "threshold": 0}',
      '{"minimum_days": 0}', '{"minimum_change": -1}', '{"window_days": null}'
    ]::jsonb[]) with ordinality as t (terms, n)
    order by t.n
  $$,
  $$
    values
      ('insight_rules_metric_check'), ('insight_rules_metric_check'), ('insight_rules_kind_check'), ('insight_rules_comparison_check'),
      ('insight_rules_comparison_check'), ('insight_rules_days_check'), ('insight_rules_baseline_days_check'), ('insight_rules_minimum_check'),
      ('insight_rules_minimum_check'), ('insight_rules_minimum_check'), ('insight_rules_minimum_check'), ('insight_rules_texts_check'),
      ('insight_rules_texts_check'), ('insight_rules_texts_check'), ('insight_rules_texts_check'), ('insight_rules_expires_after_check'),
      ('insight_rules_grace_check'), ('threshold is "NaN", not a number as 1234.5'), ('insight_rules_type_check'), ('insight_rules_category_check'),
      ('insight_rules_priority_check'), ('there is no term code'), ('there is no term no'), ('it is no JSON object'), ('it is no JSON object'),
      ('threshold is "much", not a number as 1234.5'), ('insight_rules_anomaly_check'), ('insight_rules_threshold_check'), ('insight_rules_minimum_days_check'),
      ('insight_rules_minimum_change_check'), ('')
  $$, 'what the table does not accept'
);
select throws_ok($$ select marketing.set_insight_rule('Own', '{}') $$, 'MM112', null, 'a name');
select throws_ok($$ select marketing.set_insight_rule(null, '{}') $$, 'MM112', null, 'or none');
select throws_ok($$ select marketing.set_insight_rule('own', '{"window_days": "0x1f"}') $$, 'MM112', null, 'a number in one version of the server');
set local role marketing_app;
select throws_ok($$ select marketing.set_insight_rule('own', '{}') $$, '42501', null, 'operators alone');
reset role;

select * from finish();
rollback;
