-- The partition manager keeps months ready from the day of the installation on; history is older. Without its own partition a month's rows
-- lie in the default one until maintenance moves them, so nothing depends on this: what cannot be locked at once is left out.

create or replace function marketing._cover_months(p_from date, p_to date)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '1s'
as $$
declare
  v_table  text;
  v_month  date;
  v_lower  bigint;
  v_upper  bigint;
  v_made   text;
  v_number bigint := 0;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    return 0;
  end if;
  foreach v_table in array '{campaign_metrics,campaign_metric_versions,campaign_daily}'::text[] loop
    for v_month in
      select m.month::date
      from generate_series(date_trunc('month', p_from::timestamp), p_to::timestamp, interval '1 month') as m (month)
      order by m.month desc
      limit 60
    loop
      v_lower := platform._partition_position('date', 'UTC', null, v_month);
      v_upper := platform._partition_position('date', 'UTC', null, v_month + interval '1 month');
      if not exists (
        select from platform._read_partitions(format('marketing.%I', v_table)::regclass) as p where p.covers && int8range(v_lower, v_upper)
      ) then
        begin
          select m.made into v_made
          from platform._make_partition(
            format('marketing.%I', v_table)::regclass, v_table || platform._partition_suffix('month', v_month), v_lower, v_upper, true
          ) as m;
          v_number := v_number + (v_made is not null)::integer;
        exception
          when lock_not_available or deadlock_detected then
            exit;
        end;
      end if;
    end loop;
  end loop;
  return v_number;
end;
$$;

comment on function marketing._cover_months(date, date) is $$
Make the partitions of months that facts are about to be loaded for. Best called in a transaction of its own, before the load.
p_from, p_to: the first and the last day; of more than 60 months the last 60.
Returns: how many were made; 0 when all are there, or cannot be locked within a second, or the transaction is not read committed.
Locks: when one is missing, the partitioned tables (access exclusive).
$$;
