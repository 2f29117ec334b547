create or replace function marketing._require_account(p_account_id bigint, p_minimum text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_user      bigint := marketing._acting_user();
  v_workspace bigint;
  v_role      text;
begin
  if v_user is null then
    if not marketing._is_operator() then
      perform platform.fail('acting_user_required');
    end if;
    if not exists (select from marketing.marketing_accounts as a where a.id = p_account_id) then
      perform platform.fail('ad_account_not_found', jsonb_build_object('account_id', p_account_id));
    end if;
    return;
  end if;

  select m.workspace_id, m.role into v_workspace, v_role
  from marketing.account_connections as c
  join marketing.workspace_members as m on m.workspace_id = c.workspace_id and m.user_id = v_user
  join marketing.users as u on u.id = m.user_id and u.is_active
  where c.marketing_account_id = p_account_id and c.disconnected_at is null
  order by marketing._role_rank(m.role) desc
  limit 1;
  if not found then
    perform platform.fail('ad_account_not_found', jsonb_build_object('account_id', p_account_id));
  end if;
  if marketing._role_rank(v_role) < marketing._role_rank(p_minimum) then
    perform platform.fail('not_permitted', jsonb_build_object('workspace_id', v_workspace, 'role', v_role, 'minimum', p_minimum));
  end if;
end;
$$;

comment on function marketing._require_account(bigint, text) is $$
Refuse whoever may not do something with an ad account: what counts is the best role in a workspace that has it connected now.
p_account_id: the account (marketing_accounts.id).
p_minimum: the least role that may: viewer, user or admin. Operators may do everything while nobody acts.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found.
$$;
