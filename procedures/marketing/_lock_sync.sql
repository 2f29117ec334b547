-- requires: procedures/marketing/_lock_account.sql
--
-- A load that does not see yet that a window was replaced would bring what is older than that: it is waited for.

create or replace function marketing._lock_sync(p_token uuid, p_ends boolean default false, p_rows jsonb default null)
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
  if p_ends and v_sync.replaces then
    perform from marketing.marketing_accounts as a where a.id = v_sync.marketing_account_id for no key update;
  else
    perform marketing._lock_account(v_sync.marketing_account_id, array(
      select r.cells ->> 'campaign_id'
      from jsonb_array_elements(case when jsonb_typeof(p_rows) = 'array' then p_rows else '[]' end) as r (cells)
    ));
  end if;
  select l.* into v_sync from marketing.data_sync_logs as l where l.token = p_token for no key update;
  return v_sync;
end;
$$;

comment on function marketing._lock_sync(uuid, boolean, jsonb) is $$
Find and lock a synchronisation by its token.
p_token: the token.
p_ends: whether it is about to end.
p_rows: what is about to be loaded; null: nothing.
Returns: its row.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found, MM033 sync_not_found.
Locks: its account (as marketing._lock_account; no key update before one ends that replaces, so that no load of the account is at work),
then its row.
$$;
