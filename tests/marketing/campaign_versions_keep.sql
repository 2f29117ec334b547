begin;
select plan(3);

\ir team.psql

select trigger_is('marketing', 'campaign_versions', 'campaign_versions_keep', 'marketing', '_keep_rows', 'it is there');
select throws_ok('delete from marketing.campaign_versions', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.campaign_versions', 'MM006', null, 'nor all of them');

select * from finish();
rollback;
