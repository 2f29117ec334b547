create or replace function marketing._watched_accounts(p_workspace_id bigint, p_day date)
  returns table (marketing_account_id bigint, time_zone text, day date)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select a.id, a.time_zone::text, coalesce(p_day, t.today - 1)
  from marketing.marketing_accounts as a
  cross join lateral (select (platform.now() at time zone a.time_zone)::date as today) as t
  where exists (
    select
    from marketing.account_connections as c
    where c.marketing_account_id = a.id and c.disconnected_at is null and c.workspace_id = coalesce(p_workspace_id, c.workspace_id)
  )
    and (p_day is null or p_day < t.today);
$$;

comment on function marketing._watched_accounts(bigint, date) is $$
The accounts whose figures of a day are looked at.
p_workspace_id: those that this workspace has connected; null: those that any has.
p_day: the day, of each account; null: each account's yesterday.
Returns: the accounts for which the day is over.
$$;
