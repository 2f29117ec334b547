-- What is spent is told by the load that brings it; how fast is judged by days that are over, so it is looked at once a day, and again
-- after a change. The first week says little.

create or replace function marketing.evaluate_budget_alerts(p_limit integer default 1000)
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  with due as materialized (
    select b.id, t.yesterday
    from marketing.budgets as b
    join marketing.workspaces as w on w.id = b.workspace_id
    cross join lateral (select (platform.now() at time zone w.time_zone)::date - 1) as t (yesterday)
    where b.closed_at is null
      and t.yesterday between b.start_date + 6 and b.end_date - 1
      and b.pace_checked_on is distinct from t.yesterday
    order by b.id
    limit greatest(p_limit, 0)
    for no key update of b skip locked
  ), judged as materialized (
    select d.id, p.projected_amount, case p.status when 'ahead' then 110 when 'behind' then 90 end as level
    from due as d
    cross join lateral marketing._pace(d.id, d.yesterday) as p
  ), told as materialized (
    select marketing._tell_budget(j.id, 'pace', j.level, j.projected_amount)
    from judged as j
    where j.level is not null
      and not exists (
        select
        from marketing.budget_alerts as a
        join marketing.budgets as b on b.id = a.budget_id and b.revision = a.revision
        where a.budget_id = j.id and a.kind = 'pace' and a.level = j.level
      )
  ), checked as (
    update marketing.budgets as b
    set pace_checked_on = d.yesterday
    from due as d
    where b.id = d.id
    returning b.id
  )
  select count(*) from checked where (select count(*) from told) >= 0
$$;

comment on function marketing.evaluate_budget_alerts(integer) is $$
Tell of budgets that will be used up before their end, or will be left over: those that marketing.budget_pacing calls ahead or behind as of
yesterday in their workspace's zone. Each once in its revision, from the seventh day on, and not on the last. The job
marketing.evaluate_budget_alerts calls it until nothing is left to judge.
p_limit: how many budgets at most in this call.
Returns: how many were judged.
Locks: the budgets; those that somebody is at work on are passed over.
$$;
