begin;
select plan(21);

select has_function('marketing', '_adopt_campaigns', array['bigint', 'jsonb']);
select function_returns('marketing', '_adopt_campaigns', array['bigint', 'jsonb'], 'void');
select volatility_is('marketing', '_adopt_campaigns', array['bigint', 'jsonb'], 'volatile');
select isnt_definer('marketing', '_adopt_campaigns', array['bigint', 'jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._adopt_campaigns(bigint, jsonb)', 'execute'), 'applications may not call it');

\ir team.psql

create temporary table made on commit drop as
select f.campaign_id as name, f.id
from marketing._ensure_campaigns(9001, (
  select jsonb_agg(jsonb_build_object('campaign_id', n, 'campaign_name', n)) from unnest('{One,Two,Same,Old,Seven,Own,Left,Right}'::text[]) as n
)) as f;
create function pg_temp.id_of(p_name text) returns text language sql as $$
  select c.campaign_id || case when c.is_named then '?' else '' end
  from marketing.campaigns as c join made as m on m.id = c.id where m.name = p_name
$$;
select is(pg_temp.id_of('One'), 'One?', 'an export without ids: the name is all that is known');
select pg_temp.act_as(9001);
select marketing.upsert_campaigns(9001, '[{"campaign_id": "77", "campaign_name": "One"}]');
reset role;
select is(pg_temp.id_of('One'), '77', 'the platform tells its id');
select is((select count(*) from marketing.campaigns as c where c.campaign_name = 'One'), 1::bigint, 'and it is there once');
select pg_temp.act_as(9001);
select results_eq(
  $$ select u.inserted, u.changed, u.unchanged from marketing.upsert_campaigns(9001, '[{"campaign_id": "77", "campaign_name": "One"}]') as u $$,
  'values (0::bigint, 0::bigint, 1::bigint)', 'told again'
);
select marketing.upsert_campaigns(9001, '[{"campaign_id": "78", "campaign_name": "One"}, {"campaign_id": "81", "campaign_name": "Same"}, {"campaign_id": "82", "campaign_name": "Same"}]');
reset role;
select is(pg_temp.id_of('One'), '77', 'an id is not another one because another campaign is named alike');
select is(pg_temp.id_of('Same'), 'Same?', 'of two that have the name none is taken');
savepoint complete;
select pg_temp.act_as(9001);
select marketing.upsert_campaigns(9001, '[{"campaign_id": "81", "campaign_name": "Same"}, {"campaign_id": "82", "campaign_name": "Same"}]', true);
reset role;
select results_eq(
  'select m.name from made as m join marketing.campaigns as c on c.id = m.id where c.deleted_at is null', array['Same'],
  'nor is it gone from a complete list that has its name'
);
rollback to complete;
select pg_temp.act_as(9001);
select marketing.upsert_campaign_metrics('[{"campaign_id": "90", "campaign_name": "Two", "date": "2026-11-01", "clicks": 3}]', 9001);
reset role;
select is(pg_temp.id_of('Two'), '90', 'figures tell an id, too');
select is(
  (select m.clicks from marketing.campaign_metrics as m join made on made.id = m.campaign_id where made.name = 'Two'), 3::bigint, 'and are where the campaign is'
);
select marketing._ensure_campaigns(9001, '["91"]');
select pg_temp.act_as(9001);
select marketing.upsert_campaigns(9001, '[{"campaign_id": "91", "campaign_name": "Old"}]');
reset role;
select is(pg_temp.id_of('Old'), 'Old?', 'an id that is there already has its own figures, and stays');
select marketing._ensure_campaigns(9001, '["92"]'), marketing._adopt_campaigns(9001, '[{"campaign_id": "93", "campaign_name": "92"}]');
select is((select count(*) from marketing.campaigns as c where c.campaign_id in ('92', '93')), 1::bigint, 'an id whose name was never told is no name');
select marketing._adopt_campaigns(9001, '[{"campaign_id": "Own", "campaign_name": "Own"}, {"campaign_id": "94", "campaign_name": "Own"}]');
select is(pg_temp.id_of('Own'), 'Own?', 'of an id that is a name, and another id of that name, none is taken');
select lives_ok(
  $$ select marketing._adopt_campaigns(9001, '[{"campaign_id": "95", "campaign_name": "Left"}, {"campaign_id": "95", "campaign_name": "Right"}]') $$,
  'one id with two names'
);
select is(concat(pg_temp.id_of('Left'), pg_temp.id_of('Right')), 'Left?95', 'has the name that a new campaign would get');
select throws_ok($$ update marketing.campaigns set campaign_id = 'x' where campaign_id = '77' $$, 'MM022', null, 'an id that is known does not change');
select is((select c.is_named from marketing.v_campaigns as c join made on made.id = c.campaign_id where made.name = 'Seven'), true, 'views say whose name alone is known');

select * from finish();
rollback;
