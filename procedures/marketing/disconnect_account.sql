create or replace function marketing.disconnect_account(p_workspace_id bigint, p_account_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform marketing._require_role(p_workspace_id, 'admin');
  perform from marketing.marketing_accounts as a where a.id = p_account_id for no key update;
  update marketing.account_connections as c
  set disconnected_at = platform.now(), access_token = null, refresh_token = null, token_key = null, token_expires_at = null
  where c.workspace_id = p_workspace_id and c.marketing_account_id = p_account_id and c.disconnected_at is null;
  if not found then
    perform platform.fail('ad_account_not_connected', jsonb_build_object('workspace_id', p_workspace_id, 'account_id', p_account_id));
  end if;
  perform marketing._refigure(array[p_workspace_id]);
end;
$$;

comment on function marketing.disconnect_account(bigint, bigint) is $$
Take an ad account out of a workspace. For its admins. The tokens are deleted; figures stay with the account, and the workspace does not see
them any more, nor counts them. Other workspaces keep the account.
p_workspace_id: the workspace.
p_account_id: the account (marketing_accounts.id).
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM018 ad_account_not_connected,
MM094 budget_isolation_level.
Locks: the account's row, the connection; then the workspace and its figures. It goes before loads of the account, if it is in a
transaction with any: the other way around two of them deadlock.
$$;
