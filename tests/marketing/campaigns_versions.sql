begin;
select plan(9);

\ir team.psql

select has_function('marketing', '_campaigns_versions', array[]::name[]);
select function_returns('marketing', '_campaigns_versions', array[]::name[], 'trigger');
select isnt_definer('marketing', '_campaigns_versions', array[]::name[]);
select trigger_is('marketing', 'campaigns', 'campaigns_versions_insert', 'marketing', '_campaigns_versions', 'insert');
select trigger_is('marketing', 'campaigns', 'campaigns_versions_update', 'marketing', '_campaigns_versions', 'update');

create function pg_temp.history() returns text language sql as $$
  select string_agg(v.campaign_name || ' ' || v.status || ' ' || v.valid::text, '; ' order by v.valid)
  from (select v.campaign_name, v.status, tsrange(lower(v.valid) at time zone 'UTC', upper(v.valid) at time zone 'UTC') as valid from marketing.campaign_versions as v where v.campaign_id = 9010) as v
$$;
set local moadb.now = '2027-01-01 00:00+00';
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values (9010, 9001, 'v', 'A', 'google_ads');
update marketing.campaigns set campaign_name = 'B' where id = 9010;
select is(pg_temp.history(), 'B active ["2027-01-01 00:00:00",)', 'changes of one time are one version');
set local moadb.now = '2027-01-02 00:00+00';
update marketing.campaigns set campaign_name = 'C' where id = 9010;
update marketing.campaigns set status = 'paused' where id = 9010;
select is(pg_temp.history(), 'B active ["2027-01-01 00:00:00","2027-01-02 00:00:00"); C paused ["2027-01-02 00:00:00",)', 'a later one closes the one before');
set local moadb.now = '2027-01-03 00:00+00';
update marketing.campaigns set channel_is_set = true where id = 9010;
select is(pg_temp.history(), 'B active ["2027-01-01 00:00:00","2027-01-02 00:00:00"); C paused ["2027-01-02 00:00:00",)', 'what is no part of a version makes none');
set local moadb.now = '2026-12-01 00:00+00';
update marketing.campaigns set campaign_name = 'D' where id = 9010;
select is(pg_temp.history(), 'B active ["2027-01-01 00:00:00","2027-01-02 00:00:00"); D paused ["2027-01-02 00:00:00",)', 'a clock that was set back makes no version before the last');

select * from finish();
rollback;
