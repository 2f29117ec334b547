create or replace function marketing._watched_campaigns(p_workspace_id bigint, p_day date)
  returns table (campaign_id bigint, marketing_account_id bigint, day date)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select c.id, a.marketing_account_id, a.day
  from marketing._watched_accounts(p_workspace_id, p_day) as a
  join marketing.campaigns as c on c.marketing_account_id = a.marketing_account_id
  where c.status = 'active'
    and c.deleted_at is null
    and a.day between coalesce(c.start_date, a.day) and coalesce(c.end_date, a.day);
$$;

comment on function marketing._watched_campaigns(bigint, date) is $$
The campaigns of these accounts that run: neither paused nor ended nor deleted, and not outside of their dates on the day.
p_workspace_id: as marketing._watched_accounts.
p_day: likewise.
Returns: one row for each.
$$;
