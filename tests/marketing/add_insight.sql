begin;
select plan(31);

select has_function('marketing', 'add_insight', array['bigint', 'jsonb', 'text']);
select volatility_is('marketing', 'add_insight', array['bigint', 'jsonb', 'text'], 'volatile');
select is_definer('marketing', 'add_insight', array['bigint', 'jsonb', 'text']);
select function_privs_are('marketing', 'add_insight', array['bigint', 'jsonb', 'text'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'add_insight', array['bigint', 'jsonb', 'text'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql

set local role marketing_app;
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x"}') $$, 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x"}') $$, 'MM002', null, 'viewers do not');
select throws_ok($$ select marketing.add_insight(9002, '{"type": "warning", "title": "x"}') $$, 'MM001', null, 'a member');
select marketing.act_as(9101);
create temporary table told as
select marketing.add_insight(9001, '{
  "type": "opportunity", "category": "timing", "title": "T", "description": "D", "priority": "low", "potential_impact": 12.5,
  "suggested_action": "S", "campaign_id": 9301, "metric": "roas", "outcome_days": 7, "expires_at": "2026-12-01T00:00:00Z",
  "evidence": {"model": "m1"}, "dedupe_key": "k"
}', 'key') as id;
select results_eq(
  $$
    select l.id, l.marketing_account_id, l.campaign_id, l.rule_code, l.type, l.category, l.title, l.description, l.priority, l.potential_impact,
      l.suggested_action, l.evidence, l.status, l.created_at, l.expires_at
    from marketing.list_insights(9001) as l
  $$,
  $$
    select t.id, 9201::bigint, 9301::bigint, null::text, 'opportunity', 'timing', 'T', 'D', 'low', 12.50, 'S', '{"model": "m1"}'::jsonb, 'open',
      '2026-11-18 03:00+00'::timestamptz, '2026-12-01 00:00+00'::timestamptz
    from told as t
  $$, 'as said'
);
select is(
  marketing.add_insight(9001, '{
    "type": "opportunity", "category": "timing", "title": "T", "description": "D", "priority": "low", "potential_impact": 12.5,
    "suggested_action": "S", "campaign_id": 9301, "metric": "roas", "outcome_days": 7, "expires_at": "2026-12-01T00:00:00Z",
    "evidence": {"model": "m1"}, "dedupe_key": "k"
  }', 'key'), (select id from told), 'the same request'
);
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x"}', 'key') $$, 'MP052', null, 'another under its key');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x"}', '') $$, 'MP051', null, 'a key that is none');
select is(marketing.add_insight(9001, '{"type": "warning", "title": "U", "dedupe_key": "k"}'), (select id from told), 'the same finding');
select is((select l.title from marketing.list_insights(9001) as l), 'U', 'is refreshed');
select is(marketing.apply_insight((select id from told)), '2026-11-26'::date, 'and measured after its days');
select is(marketing.add_insight(9001, '{"type": "warning", "title": "V", "dedupe_key": "k"}'), (select id from told), 'what was applied');
select is((select l.title from marketing.list_insights(9001, p_status => 'applied') as l), 'U', 'stays as it was');
set local moadb.now = '2027-01-18 03:00+00';
select isnt(marketing.add_insight(9001, '{"type": "warning", "title": "V", "dedupe_key": "k"}'), (select id from told), 'until it has expired');
select isnt(
  marketing.add_insight(9001, '{"type": "warning", "title": "x"}'), marketing.add_insight(9001, '{"type": "warning", "title": "x"}'), 'without a key each is one'
);
select throws_ok($$ select marketing.add_insight(9001, '[]') $$, 'MM114', 'the insight is not accepted: it is no JSON object', 'an object');
select throws_ok($$ select marketing.add_insight(9001, null) $$, 'MM114', null, 'and not nothing');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "is_applied": true}') $$, 'MM114', 'the insight is not accepted: there is no term is_applied', 'terms that there are');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "worry", "title": "x"}') $$, 'MM114', null, 'a type that there is');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning"}') $$, 'MM114', null, 'a title');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "campaign_id": "x"}') $$, 'MM114', null, 'values of the right type');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "campaign_id": 9309}') $$, 'MM114', 'the insight is not accepted: there is no campaign 9309', 'a campaign of the workspace');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "campaign_id": 1}') $$, 'MM114', 'the insight is not accepted: there is no campaign 1', 'that there is');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "marketing_account_id": 9202}') $$, 'MM114', 'the insight is not accepted: there is no account 9202', 'an account of the workspace');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "outcome_days": "1_4"}') $$, 'MM114', null, 'a number in one version of the server');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "expires_at": "2030-01-01 12:00"}') $$, 'MM114', null, 'an instant somewhere');
select throws_ok($$ select marketing.add_insight(9001, '{"type": "warning", "title": "x", "expires_at": "2020-01-01T00:00Z"}') $$, 'MM114', null, 'an end that is to come');
reset role;

select * from finish();
rollback;
