-- The account's row is taken first and held: two workspaces that connect it at once get the same row, one after the other.

create or replace function marketing.connect_account(
  p_workspace_id bigint,
  p_platform text,
  p_account_id text,
  p_currency text default null,
  p_time_zone text default null,
  p_account_name text default null,
  p_access_token bytea default null,
  p_refresh_token bytea default null,
  p_token_key text default null,
  p_token_expires_at timestamptz default null,
  p_user_id bigint default null,
  p_request_key text default null
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set timezone = 'UTC'
  set bytea_output = 'hex'
as $$
declare
  v_user       bigint := coalesce(marketing._acting_user(), p_user_id);
  v_answer     jsonb;
  v_zone       platform.time_zone;
  v_account    marketing.marketing_accounts;
  v_new        boolean;
  v_problem    text;
  v_constraint text;
begin
  perform marketing._require_role(p_workspace_id, 'admin');
  v_answer := platform.claim_request('marketing.connect_account', p_request_key, jsonb_build_object(
    'workspace', p_workspace_id, 'platform', p_platform, 'account', p_account_id, 'currency', p_currency, 'time_zone', p_time_zone,
    'name', p_account_name, 'access_token', p_access_token, 'refresh_token', p_refresh_token, 'token_key', p_token_key,
    'expires', p_token_expires_at, 'user', v_user
  ));
  if v_answer is not null then
    return v_answer::bigint;
  end if;
  if p_platform is null or p_account_id is null then
    perform platform.fail('marketing_argument_missing',
      jsonb_build_object('argument', case when p_platform is null then 'p_platform' else 'p_account_id' end));
  end if;
  if not exists (select from marketing.platforms as p where p.code = p_platform) then
    perform platform.fail('platform_not_found', jsonb_build_object('platform', p_platform));
  end if;
  if v_user is distinct from coalesce(p_user_id, v_user)
    or v_user is not null and not exists (
      select from marketing.workspace_members as m where m.workspace_id = p_workspace_id and m.user_id = v_user
    )
  then
    perform platform.fail('member_not_found', jsonb_build_object('workspace_id', p_workspace_id, 'user_id', coalesce(p_user_id, v_user)));
  end if;
  v_zone := platform.to_time_zone(p_time_zone);

  begin
    select a.* into v_account
    from marketing.marketing_accounts as a
    where a.platform = p_platform and a.account_id = p_account_id
    for no key update;
    if not found then
      if p_currency is null or p_time_zone is null then
        perform platform.fail('marketing_argument_missing',
          jsonb_build_object('argument', case when p_currency is null then 'p_currency' else 'p_time_zone' end));
      end if;
      insert into marketing.marketing_accounts as a (
        platform, account_id, account_name, currency, time_zone, is_connected, created_at, updated_at
      )
      values (p_platform, p_account_id, p_account_name, p_currency, v_zone, false, platform.now(), platform.now())
      on conflict (platform, account_id) do update set updated_at = platform.now()
      returning a.* into v_account;
    end if;
    if v_account.currency <> p_currency or v_account.time_zone <> v_zone then
      perform platform.fail('ad_account_terms_differ', jsonb_build_object('platform', p_platform, 'account_id', p_account_id)
        || case
          when v_account.currency <> p_currency
            then jsonb_build_object('term', 'currency', 'known', v_account.currency, 'given', p_currency)
          else jsonb_build_object('term', 'time zone', 'known', v_account.time_zone, 'given', v_zone)
        end);
    end if;
    if p_account_name <> coalesce(v_account.account_name, '') then
      update marketing.marketing_accounts as a set account_name = p_account_name where a.id = v_account.id;
    end if;

    v_new := not exists (
      select
      from marketing.account_connections as c
      where c.workspace_id = p_workspace_id and c.marketing_account_id = v_account.id and c.disconnected_at is null
    );
    insert into marketing.account_connections as c (
      workspace_id, marketing_account_id, user_id, access_token, refresh_token, token_key, token_expires_at, connected_at, updated_at
    )
    values (
      p_workspace_id, v_account.id, v_user, p_access_token, p_refresh_token, p_token_key, p_token_expires_at, platform.now(), platform.now()
    )
    on conflict (workspace_id, marketing_account_id) do update
    set user_id = coalesce(excluded.user_id, c.user_id),
      access_token = case when excluded.token_key is null then c.access_token else excluded.access_token end,
      refresh_token = case when excluded.token_key is null then c.refresh_token else excluded.refresh_token end,
      token_key = coalesce(excluded.token_key, c.token_key),
      token_expires_at = case when excluded.token_key is null then c.token_expires_at else excluded.token_expires_at end,
      connected_at = case when v_new then excluded.connected_at else c.connected_at end,
      disconnected_at = null;
  exception
    when check_violation or foreign_key_violation or string_data_right_truncation then
      get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
      perform marketing._refuse_terms(v_problem, v_constraint);
  end;

  if v_new then
    perform marketing._refigure(array[p_workspace_id]);
  end if;
  perform platform.complete_request('marketing.connect_account', p_request_key, to_jsonb(v_account.id));
  return v_account.id;
end;
$$;

comment on function marketing.connect_account(
  bigint, text, text, text, text, text, bytea, bytea, text, timestamptz, bigint, text
) is $$
Connect an ad account to a workspace. For its admins. That the user may read the account is for the application to ask the platform: whoever
connects an account sees all that it has delivered. An account is one row however many workspaces connect it, so it is read and counted
once. Connected again it gets the tokens that are given, and is as it was before it was disconnected.
p_workspace_id: the workspace.
p_platform: platform (marketing.platforms), e.g. google_ads.
p_account_id: the account's id there, up to 255 characters.
p_currency: its currency (platform.currencies); null: as it is known already.
p_time_zone: IANA name of the zone of its days; null: likewise.
p_account_name: its name there; null: not known.
p_access_token: encrypted by the application; null: none.
p_refresh_token: likewise.
p_token_key: name of the key that they are encrypted with; null when there are none.
p_token_expires_at: when the access token ends; null: not known.
p_user_id: who connects it, a member: the acting user. An operator may say who, or leave it out.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same account. Null: none.
Returns: our id of the account (marketing_accounts.id).
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM012 marketing_terms_invalid (detail: problem, constraint), MM013 ad_account_terms_differ, MM014 platform_not_found,
MM017 member_not_found, MP033 unknown_time_zone,
MM094 budget_isolation_level; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the account's row; then the workspace and its figures. It goes before loads of the account, if it is in a transaction with any: the
other way around two of them deadlock.
$$;
