create or replace function marketing.create_workspace(
  p_name text,
  p_time_zone text default 'Asia/Seoul',
  p_report_currency text default 'KRW',
  p_request_key text default null
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_user       bigint := marketing._acting_user();
  v_answer     jsonb;
  v_zone       platform.time_zone;
  v_id         bigint;
  v_problem    text;
  v_constraint text;
begin
  if v_user is null and not marketing._is_operator() then
    perform platform.fail('acting_user_required');
  end if;
  if v_user is not null and not exists (select from marketing.users as u where u.id = v_user and u.is_active) then
    perform platform.fail('marketing_user_not_found', jsonb_build_object('user_id', v_user));
  end if;
  v_answer := platform.claim_request('marketing.create_workspace', p_request_key, jsonb_build_object(
    'user', v_user, 'name', p_name, 'time_zone', p_time_zone, 'report_currency', p_report_currency
  ));
  if v_answer is not null then
    return v_answer::bigint;
  end if;
  if p_name is null then
    perform platform.fail('marketing_argument_missing', '{"argument": "p_name"}');
  end if;
  v_zone := platform.to_time_zone(p_time_zone);

  begin
    insert into marketing.workspaces (name, time_zone, report_currency, created_at, updated_at)
    values (p_name, coalesce(v_zone, 'Asia/Seoul'), coalesce(p_report_currency, 'KRW'), platform.now(), platform.now())
    returning id into v_id;
    if v_user is not null then
      insert into marketing.workspace_members (workspace_id, user_id, role, created_at)
      values (v_id, v_user, 'admin', platform.now());
    end if;
  exception
    when check_violation or foreign_key_violation then
      get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
      perform marketing._refuse_terms(v_problem, v_constraint);
  end;

  perform platform.complete_request('marketing.create_workspace', p_request_key, to_jsonb(v_id));
  return v_id;
end;
$$;

comment on function marketing.create_workspace(text, text, text, text) is $$
Make a workspace. The acting user becomes its admin; while nobody acts it has no member, until an operator adds one.
p_name: name, as people see it, 1 to 200 characters.
p_time_zone: IANA name of the zone of its days; null: Asia/Seoul.
p_report_currency: currency into which amounts are converted (platform.currencies); null: KRW.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same workspace. Null: none.
Returns: its id.
Errors: MM003 acting_user_required, MM004 marketing_argument_missing, MM009 marketing_user_not_found when the acting user is not active,
MM012 marketing_terms_invalid (detail: problem, constraint), MP033 unknown_time_zone; of p_request_key MP051 request_key_invalid,
MP052 request_key_reused.
$$;
