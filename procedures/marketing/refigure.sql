create or replace function marketing.refigure(p_from date, p_to date)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_workspaces bigint[] := array(select w.id from marketing.workspaces as w);
begin
  if p_from is null or p_to is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', case when p_from is null then 'p_from' else 'p_to' end));
  end if;
  if not isfinite(p_from) or not isfinite(p_to) or p_to < p_from or p_to > p_from + 3660 then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_to', 'value', p_to, 'problem', 'it is p_from, or up to ten years later'
    ));
  end if;
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
p_from: first day.
p_to: last day, up to ten years later.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM094 budget_isolation_level.
Locks: all workspaces by ascending id, their channel_performance, their budgets; archives of these days.
$$;
