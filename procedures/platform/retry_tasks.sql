create or replace function platform.retry_tasks(p_task_ids bigint[])
  returns setof bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with chosen as (
    select t.id
    from platform.tasks as t
    where t.id = any(p_task_ids) and t.status = 'dead'
    order by t.id
    for update
  ), revived as (
    update platform.tasks as t
    set status = 'ready', finished_at = null, attempts = 0, run_at = platform.now()
    from chosen as c
    where t.id = c.id
    returning t.id
  )
  select r.id from revived as r order by r.id
$$;

comment on function platform.retry_tasks(bigint[]) is $$
Give tasks that were given up all their attempts again, at once; `moadb tasks retry` calls it.
p_task_ids: the tasks; those that are not dead, or not there, are left alone.
Returns: the ids of those that are ready again.
Locks: the rows of the tasks, by ascending id.
$$;
