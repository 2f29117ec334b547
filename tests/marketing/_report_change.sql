begin;
select plan(14);

select has_function('marketing', '_report_change', array['jsonb', 'jsonb']);
select function_returns('marketing', '_report_change', array['jsonb', 'jsonb'], 'jsonb');
select volatility_is('marketing', '_report_change', array['jsonb', 'jsonb'], 'immutable');
select isnt_definer('marketing', '_report_change', array['jsonb', 'jsonb']);
select function_privs_are('marketing', '_report_change', array['jsonb', 'jsonb'], 'marketing_app', '{}');
select function_privs_are('marketing', '_report_change', array['jsonb', 'jsonb'], 'marketing_admin', '{}');

select is(marketing._report_change('{"cost": 150, "clicks": 2}', '{"cost": 100, "clicks": 3}') -> 'cost', '50.000000', 'half as much again');
select is(marketing._report_change('{"cost": 150, "clicks": 2}', '{"cost": 100, "clicks": 3}') -> 'clicks', '-33.333333', 'a third less, to six decimals');
select is(marketing._report_change('{"roi": 50}', '{"roi": -100}') -> 'roi', '150.000000', 'from a loss upwards is more');
select is(marketing._report_change('{"cost": 150}', '{"cost": 0}') -> 'cost', 'null', 'there is no percentage of zero');
select is(marketing._report_change('{"cost": null}', '{"cost": 10}') -> 'cost', 'null', 'what is not known has not changed');
select is(marketing._report_change('{"cost": 150}', null) -> 'cost', 'null', 'nothing to compare with');
select is(marketing._report_change('{"cost": 0}', '{"cost": 5}') -> 'cost', '-100.000000', 'all gone');
select is(
  (select array_agg(k.key order by k.key) from jsonb_object_keys(marketing._report_change('{}', '{}')) as k (key)),
  (select array_agg(m.name order by m.name) from unnest(marketing._report_metrics()) as m (name)), 'for every metric'
);

select * from finish();
rollback;
