create or replace function marketing.set_channel_rule(
  p_platform text,
  p_field text,
  p_pattern text,
  p_channel_name text,
  p_priority integer default 100
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id         bigint;
  v_channel    bigint;
  v_problem    text;
  v_of         text;
begin
  select p.channel_platform into v_of from marketing.platforms as p where p.code = p_platform;
  if not found then
    perform platform.fail('platform_not_found', jsonb_build_object('platform', p_platform));
  end if;
  select h.id, case when not h.is_active then 'it is not in use' when h.platform <> v_of then 'it is of ' || h.platform end
  into v_channel, v_problem
  from marketing.channels as h
  where h.name = p_channel_name;
  if not found then
    perform platform.fail('channel_not_found', jsonb_build_object('channel', p_channel_name));
  elsif v_problem is not null then
    perform platform.fail('channel_refused',
      jsonb_build_object('platform', p_platform, 'channel', p_channel_name, 'problem', v_problem));
  end if;

  begin
    perform '' ~* p_pattern;
    insert into marketing.channel_rules as r (platform, field, pattern, channel_id, priority)
    values (p_platform, p_field, p_pattern, v_channel, coalesce(p_priority, 100))
    on conflict (platform, field, pattern) do update
    set channel_id = excluded.channel_id, priority = excluded.priority
    returning r.id into v_id;
  exception
    when invalid_regular_expression or check_violation or not_null_violation or string_data_right_truncation then
      get stacked diagnostics v_problem = message_text;
      perform platform.fail('channel_rule_invalid', jsonb_build_object('problem', v_problem));
  end;
  perform marketing._apply_channel_rules(p_platform);
  return v_id;
end;
$$;

comment on function marketing.set_channel_rule(text, text, text, text, integer) is $$
Say which campaigns of a platform count for which channel; a rule with the same field and pattern is replaced. Campaigns move at once, but
for those whose channel somebody set.
p_platform: the platform.
p_field: what is looked at: name, objective or network.
p_pattern: regular expression, up to 200 characters, whatever the case.
p_channel_name: channel (marketing.channels) of the same platform.
p_priority: of the rules that match, the lowest wins; null is 100.
Returns: the rule's id.
Errors: MM014 platform_not_found, MM015 channel_not_found, MM016 channel_refused, MM021 channel_rule_invalid,
MM094 budget_isolation_level.
Locks: the platform's campaigns by ascending id; then the workspaces that have their accounts, and their figures.
$$;
