begin;
select plan(11);

select has_function('marketing', '_workspace_campaigns', array['bigint']);
select function_returns('marketing', '_workspace_campaigns', array['bigint'], 'setof record');
select volatility_is('marketing', '_workspace_campaigns', array['bigint'], 'stable');
select isnt_definer('marketing', '_workspace_campaigns', array['bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing._workspace_campaigns(bigint)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._workspace_campaigns(bigint)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._workspace_campaigns(bigint)', 'execute'), 'readers may not');

\ir team.psql

select results_eq(
  'select w.campaign_id, w.campaign_name, w.channel_name, w.account_id, w.account_name, w.platform, w.currency from marketing._workspace_campaigns(9001) as w order by 1',
  $$
    values
      (9001::bigint, 'Brand search', 'google_search', 9001::bigint, 'Team Google', 'google_ads', 'KRW'),
      (9002, 'Spring', null, 9002, 'Team Meta', 'meta_ads', 'USD')
  $$, 'those of its accounts'
);
update marketing.account_connections as c set disconnected_at = now() where c.marketing_account_id = 9002;
select is((select array_agg(w.campaign_id) from marketing._workspace_campaigns(9001) as w), '{9001}', 'that it has connected now');
select is((select array_agg(w.campaign_id) from marketing._workspace_campaigns(9002) as w), '{9003}', 'another one');
select is_empty('select marketing._workspace_campaigns(-1)', 'none at all');

select * from finish();
rollback;
