create or replace function marketing.remove_channel_rule(p_rule_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_platform text;
begin
  delete from marketing.channel_rules as r where r.id = p_rule_id returning r.platform into v_platform;
  if not found then
    perform platform.fail('channel_rule_not_found', jsonb_build_object('rule_id', p_rule_id));
  end if;
  perform marketing._apply_channel_rules(v_platform);
end;
$$;

comment on function marketing.remove_channel_rule(bigint) is $$
Take away a rule that marketing.set_channel_rule has set. Campaigns move at once, but for those whose channel somebody set.
p_rule_id: the rule.
Errors: MM020 channel_rule_not_found,
MM094 budget_isolation_level.
Locks: the platform's campaigns by ascending id; then the workspaces that have their accounts, and their figures.
$$;
