create or replace function marketing._lock_sync(p_token uuid)
  returns marketing.data_sync_logs
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_sync marketing.data_sync_logs;
begin
  select l.* into v_sync from marketing.data_sync_logs as l where l.token = p_token;
  if not found then
    perform platform.fail('sync_not_found');
  end if;
  perform marketing._require_account(v_sync.marketing_account_id, 'user');
  perform from marketing.marketing_accounts as a where a.id = v_sync.marketing_account_id for share;
  select l.* into v_sync from marketing.data_sync_logs as l where l.token = p_token for no key update;
  return v_sync;
end;
$$;

comment on function marketing._lock_sync(uuid) is $$
Find and lock a synchronisation by its token.
p_token: the token.
Returns: its row.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found, MM033 sync_not_found.
Locks: its account (share), then its row.
$$;
