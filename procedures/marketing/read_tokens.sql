create or replace function marketing.read_tokens(p_account_id bigint)
  returns table (
    workspace_id bigint, access_token bytea, refresh_token bytea, token_key text, token_expires_at timestamptz
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select c.workspace_id, c.access_token, c.refresh_token, c.token_key, c.token_expires_at
  from marketing.account_connections as c
  where c.marketing_account_id = p_account_id and c.disconnected_at is null and c.token_key is not null
  order by c.token_expires_at desc nulls last, c.workspace_id;
$$;

comment on function marketing.read_tokens(bigint) is $$
The tokens of an ad account, as they are stored: encrypted. For the worker that reads the account, an operator.
p_account_id: the account (marketing_accounts.id).
Returns: a row for each workspace that has it connected with tokens, the longest valid first: any of them reads the account for all.
$$;
