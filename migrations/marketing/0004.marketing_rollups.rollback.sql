-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table marketing.fx_rates, marketing.campaign_daily, marketing.campaign_weekly, marketing.campaign_monthly,
    marketing.channel_performance in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('rates', (select count(*) from marketing.fx_rates)),
    ('days of campaigns', (select count(*) from marketing.campaign_daily)),
    ('weeks of campaigns', (select count(*) from marketing.campaign_weekly)),
    ('months of campaigns', (select count(*) from marketing.campaign_monthly)),
    ('days of channels', (select count(*) from marketing.channel_performance))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0004.marketing_rollups would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

delete from platform.partition_sets where schema_name = 'marketing' and table_name = 'campaign_daily';
drop table marketing.channel_performance;
drop table marketing.campaign_monthly;
drop table marketing.campaign_weekly;
drop table marketing.campaign_daily;
drop table marketing.fx_rates;
drop type marketing.period_piece;
drop type marketing.kpi_set;
