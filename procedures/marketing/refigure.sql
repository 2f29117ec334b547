create or replace function marketing.refigure(p_from date, p_to date)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_workspaces bigint[] := array(select w.id from marketing.workspaces as w);
begin
  perform marketing._check_dates(p_from, p_to);
  perform marketing._lock_workspaces(v_workspaces);
  perform marketing._refresh_channels(v_workspaces, p_from, p_to);
  perform marketing._follow_spend(v_workspaces, p_from, p_to);
  update marketing.archives as a
  set refigured_at = platform.now()
  where a.table_name = 'campaign_daily' and a.status = 'restored' and a.refigured_at is null and a.date_from >= p_from and a.date_to <= p_to + 1;
end;
$$;

comment on function marketing.refigure(date, date) is $$
Compute what all workspaces are shown of some days, channel_performance and what budgets have spent, anew from campaign_daily. For
operators: after days have come back from the archive, of which connections, channels, rates or budgets may have changed meanwhile; it is
written down in archives.refigured_at. Loads need not.
p_from: first day, of 1900 to 2999.
p_to: last day, up to ten years later.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM094 budget_isolation_level.
Locks: all workspaces by ascending id, their channel_performance, their budgets; archives of these days.
$$;
