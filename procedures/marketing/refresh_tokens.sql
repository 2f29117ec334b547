create or replace function marketing.refresh_tokens(
  p_workspace_id bigint,
  p_account_id bigint,
  p_access_token bytea,
  p_token_key text,
  p_token_expires_at timestamptz default null,
  p_refresh_token bytea default null
)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform marketing._require_role(p_workspace_id, 'admin');
  if p_access_token is null or p_token_key is null then
    perform platform.fail('marketing_argument_missing',
      jsonb_build_object('argument', case when p_access_token is null then 'p_access_token' else 'p_token_key' end));
  end if;
  update marketing.account_connections as c
  set access_token = p_access_token, refresh_token = coalesce(p_refresh_token, c.refresh_token), token_key = p_token_key,
    token_expires_at = p_token_expires_at
  where c.workspace_id = p_workspace_id and c.marketing_account_id = p_account_id and c.disconnected_at is null;
  if not found then
    perform platform.fail('ad_account_not_connected', jsonb_build_object('workspace_id', p_workspace_id, 'account_id', p_account_id));
  end if;
end;
$$;

comment on function marketing.refresh_tokens(bigint, bigint, bytea, text, timestamptz, bytea) is $$
Put new tokens into a connection. For admins of the workspace, and for the worker that refreshes them.
p_workspace_id: the workspace.
p_account_id: the account (marketing_accounts.id).
p_access_token: encrypted by the application.
p_token_key: name of the key that the tokens are encrypted with.
p_token_expires_at: when the access token ends; null: not known.
p_refresh_token: encrypted likewise, with the same key; null: the one that there is.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM018 ad_account_not_connected.
Locks: the connection.
$$;
