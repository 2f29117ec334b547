-- requires: procedures/marketing/_archived_months.sql
-- requires: procedures/marketing/_lock_sync.sql
-- requires: procedures/marketing/_retract_metrics.sql

create or replace function marketing.sync_finish(
  p_token  uuid,
  p_cursor jsonb default null,
  out records_synced    bigint,
  out records_changed   bigint,
  out records_stale     bigint,
  out records_retracted bigint
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_now  timestamptz := platform.now();
  v_sync marketing.data_sync_logs := marketing._lock_sync(p_token, true);
  v_open date;
begin
  if v_sync.status = 'failed' then
    perform platform.fail('sync_ended', jsonb_build_object(
      'sync_id', v_sync.id, 'status', v_sync.status, 'error_message', v_sync.error_message, 'completed_at', v_sync.completed_at
    ));
  elsif v_sync.status = 'in_progress' then
    if v_sync.replaces then
      v_sync.records_retracted := marketing._retract_metrics(
        v_sync.marketing_account_id, v_sync.window_from, v_sync.window_to, v_sync.snapshot_at
      );
    end if;
    update marketing.data_sync_logs as l
    set status = 'success',
      records_retracted = v_sync.records_retracted,
      cursor = coalesce(p_cursor, l.cursor),
      heartbeat_at = v_now,
      completed_at = v_now
    where l.id = v_sync.id;
    v_open := case when v_sync.stream = 'campaign_metrics' then upper(marketing._archived_months()) end;
    insert into marketing.sync_cursors as c (marketing_account_id, stream, cursor, synced_to, settled_to, updated_at)
    select
      a.id, v_sync.stream, p_cursor, v_sync.window_to,
      least(v_sync.window_to, (v_sync.snapshot_at at time zone a.time_zone)::date - coalesce(a.restate_days, f.restate_days) - 1), v_now
    from marketing.marketing_accounts as a
    join marketing.platforms as f on f.code = a.platform
    where a.id = v_sync.marketing_account_id
    on conflict (marketing_account_id, stream) do update
    set cursor = coalesce(excluded.cursor, c.cursor),
      synced_to = case when c.synced_to is null or v_sync.window_from <= greatest(c.synced_to + 1, v_open)
        then greatest(c.synced_to, excluded.synced_to) else c.synced_to end,
      settled_to = case when c.settled_to is null or v_sync.window_from <= greatest(c.settled_to + 1, v_open)
        then greatest(c.settled_to, excluded.settled_to) else c.settled_to end,
      updated_at = excluded.updated_at;
  end if;

  records_synced := v_sync.records_synced;
  records_changed := v_sync.records_changed;
  records_stale := v_sync.records_stale;
  records_retracted := v_sync.records_retracted;
end;
$$;

comment on function marketing.sync_finish(uuid, jsonb) is $$
End a synchronisation that has brought its window. Again, after an answer that got lost, it changes nothing and gets the same answer.
p_token: as marketing.sync_start gave it.
p_cursor: where the source goes on next time; null: as the last batch said.
Returns: one row: records_synced, rows that came; records_changed of them, new or different; records_stale, not applied; records_retracted,
rows of the window that it did not bring and took back, if it replaces.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found, MM032 sync_ended when it failed or was reaped,
MM033 sync_not_found; if it replaces, MM034 metric_month_archived, MM073 days_archived, MM094 budget_isolation_level.
Locks: the account (share), the synchronisation; if it replaces, the account (no key update), then as marketing.upsert_campaign_metrics for
all its campaigns.
Source: research 4.2 #8.
$$;
