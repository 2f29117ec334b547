-- History that was loaded for months without a partition lies in the default partition until maintenance comes by: archiving wants it
-- in months.

create or replace function marketing.drain_facts(p_table text)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_done bigint;
begin
  if p_table is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_table'));
  end if;
  if p_table not in ('campaign_metrics', 'campaign_metric_versions', 'campaign_daily') then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_table', 'value', p_table, 'problem', 'its rows are not archived'
    ));
  end if;
  select cardinality(m.made) + m.drained into v_done
  from platform.maintain_partitions(format('marketing.%I', p_table)::regclass) as m;
  return v_done;
end;
$$;

comment on function marketing.drain_facts(text) is $$
Move rows of past months out of a table's default partition into partitions of their months, as the hourly maintenance does; a call moves
whole months until 100,000 rows have moved, so it is called until it returns 0.
p_table: campaign_metrics, campaign_metric_versions or campaign_daily.
Returns: partitions made plus rows moved; 0 when there is nothing to do that can be done now.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MP036 partition_isolation_level; where marketing's partitions
are not declared MP035 partition_set_not_found (and never MP037 invalid_lock_timeout).
Locks: as platform.maintain_partitions.
$$;
