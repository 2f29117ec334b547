begin;
select plan(10);

\ir team.psql

select trigger_is('marketing', 'campaigns', 'campaigns_keep', 'marketing', '_keep_rows', 'rows');
select trigger_is('marketing', 'campaigns', 'campaigns_keep_identity', 'marketing', '_keep_identity', 'what they are');
select throws_ok('delete from marketing.campaigns', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.campaigns cascade', 'MM006', null, 'nor all of them');
select throws_ok($$ update marketing.campaigns set id = id + 1 $$, 'MM022', 'id of marketing.campaigns does not change', 'id');
select throws_ok($$ update marketing.campaigns set marketing_account_id = 9003 $$, 'MM022', 'marketing_account_id of marketing.campaigns does not change', 'marketing_account_id');
select throws_ok($$ update marketing.campaigns set campaign_id = campaign_id || 'x' $$, 'MM022', 'campaign_id of marketing.campaigns does not change', 'campaign_id');
select throws_ok($$ update marketing.campaigns set platform = 'tv' $$, 'MM022', 'platform of marketing.campaigns does not change', 'platform');
select trigger_is('marketing', 'campaigns', 'campaigns_keep_name', 'marketing', '_keep_identity', 'ids that are known');
select trigger_is('marketing', 'campaigns', 'campaigns_updated_at', 'platform', 'update_updated_at', 'when');

select * from finish();
rollback;
