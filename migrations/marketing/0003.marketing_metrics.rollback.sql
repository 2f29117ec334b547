-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table marketing.campaign_metrics, marketing.campaign_metric_versions, marketing.data_sync_logs in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('metrics', (select count(*) from marketing.campaign_metrics)),
    ('versions of metrics', (select count(*) from marketing.campaign_metric_versions)),
    ('synchronisations', (select count(*) from marketing.data_sync_logs))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0003.marketing_metrics would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

delete from platform.partition_sets
where schema_name = 'marketing' and table_name in ('campaign_metrics', 'campaign_metric_versions');
drop table marketing.dirty_days;
drop table marketing.campaign_metric_versions;
drop table marketing.campaign_metrics;
drop table marketing.sync_cursors;
drop table marketing.sync_batches;
drop table marketing.data_sync_logs;
drop type marketing.metric_group;
drop type marketing.metric_row;
drop function marketing.ctr(bigint, bigint);
drop function marketing.cpc(numeric, bigint);
drop function marketing.cpm(numeric, bigint);
drop function marketing.conversion_rate(numeric, bigint);
drop function marketing.cpa(numeric, numeric);
drop function marketing.roas(numeric, numeric);
drop function marketing.roi(numeric, numeric);
