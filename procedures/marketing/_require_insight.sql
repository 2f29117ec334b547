-- Whoever is no member is told what would be told of an insight that there is not.

create or replace function marketing._require_insight(p_insight_id bigint, p_minimum text)
  returns marketing.insights
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_insight marketing.insights;
begin
  if marketing._acting_user() is null and not marketing._is_operator() then
    perform platform.fail('acting_user_required');
  end if;

  select i.* into v_insight
  from marketing.insights as i
  where i.id = p_insight_id
    and (marketing._acting_user() is null or i.workspace_id = any (marketing._my_workspaces()))
  for no key update;
  if not found then
    perform platform.fail('insight_not_found', jsonb_build_object('insight_id', p_insight_id));
  end if;
  perform marketing._require_role(v_insight.workspace_id, p_minimum);
  return v_insight;
end;
$$;

comment on function marketing._require_insight(bigint, text) is $$
Lock an insight for whoever may do something with it.
p_insight_id: the insight.
p_minimum: the least role in its workspace that may: viewer, user or admin.
Returns: it.
Errors: MM002 not_permitted, MM003 acting_user_required, MM110 insight_not_found.
Locks: the insight.
$$;
