create or replace function marketing.set_utm_rule(
  p_workspace_id bigint,
  p_source text,
  p_medium text default null,
  p_channel_name text default null
)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_channel    bigint;
  v_problem    text;
  v_constraint text;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  if coalesce(p_source, '') = '' then
    perform platform.fail('marketing_argument_missing', '{"argument": "p_source"}');
  end if;
  if p_channel_name is null then
    delete from marketing.utm_rules as r
    where r.workspace_id = p_workspace_id and r.source = lower(p_source) and r.medium = lower(coalesce(p_medium, ''));
    return;
  end if;
  select h.id into v_channel from marketing.channels as h where h.name = p_channel_name;
  if not found then
    perform platform.fail('channel_not_found', jsonb_build_object('channel', p_channel_name));
  end if;
  insert into marketing.utm_rules (workspace_id, source, medium, channel_id)
  values (p_workspace_id, lower(p_source), lower(coalesce(p_medium, '')), v_channel)
  on conflict (workspace_id, source, medium) do update set channel_id = excluded.channel_id;
exception
  when check_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    perform marketing._refuse_terms(v_problem, v_constraint);
end;
$$;

comment on function marketing.set_utm_rule(bigint, text, text, text) is $$
Say which channel visits came by that name neither campaign nor channel, those of the past, too.
p_workspace_id: the workspace.
p_source: utm_source, up to 200 characters, whatever its case.
p_medium: utm_medium, likewise; null: any that has no rule of its own.
p_channel_name: channel (marketing.channels); null: no rule any more.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM012 marketing_terms_invalid (detail: problem, constraint), MM015 channel_not_found.
$$;
