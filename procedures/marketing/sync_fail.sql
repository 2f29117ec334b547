-- requires: procedures/marketing/_lock_sync.sql

create or replace function marketing.sync_fail(p_token uuid, p_error text)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_sync marketing.data_sync_logs := marketing._lock_sync(p_token);
begin
  if v_sync.status <> 'in_progress' then
    perform platform.fail('sync_ended', jsonb_build_object(
      'sync_id', v_sync.id, 'status', v_sync.status, 'error_message', v_sync.error_message, 'completed_at', v_sync.completed_at
    ));
  end if;
  update marketing.data_sync_logs as l
  set status = 'failed',
    error_message = coalesce(nullif(p_error, ''), 'no reason was given'),
    completed_at = platform.now()
  where l.id = v_sync.id;
end;
$$;

comment on function marketing.sync_fail(uuid, text) is $$
Give up a synchronisation. What its batches brought stays, and the next one is told the cursor of the last of them.
p_token: as marketing.sync_start gave it.
p_error: why, for people.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found, MM032 sync_ended, MM033 sync_not_found.
Locks: the account (share), the synchronisation.
$$;
