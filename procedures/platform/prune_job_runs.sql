-- Jobs that run every minute and find nothing to do would fill the history with rows that tell nothing; those go sooner. What the
-- views show — the newest run of a job, and its newest success — stays, however old.

create or replace function platform.prune_job_runs(
  p_keep interval, p_keep_idle interval default '1 day', p_limit integer default 10000
)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with pruned as (
    delete from platform.job_runs as r
    where r.id in (
      select o.id
      from platform.job_runs as o
      where (
          o.finished_at < clock_timestamp() - p_keep
          or o.finished_at < clock_timestamp() - p_keep_idle and o.status = 'succeeded' and o.rows_handled = 0
        )
        and (
          exists (
            select from platform.job_runs as l
            where l.job_name = o.job_name and l.slot > o.slot and (l.status = 'succeeded' or o.status <> 'succeeded')
          )
          or not exists (select from platform.jobs as j where j.name = o.job_name)
        )
      order by o.finished_at
      limit p_limit
    )
    returning r.id
  )
  select count(*) from pruned
$$;

comment on function platform.prune_job_runs(interval, interval, integer) is $$
Delete old history of jobs; the job platform.prune_job_runs calls it until nothing is left to delete.
p_keep: how long runs are kept.
p_keep_idle: how long successful runs are kept that had nothing to do.
p_limit: how many to delete at most in this call.
Returns: how many were deleted.
$$;
