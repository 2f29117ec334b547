create or replace function marketing.list_budgets(
  p_workspace_id bigint, p_closed boolean default false, p_after_id bigint default null, p_limit integer default 100
)
  returns setof marketing.budgets
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  if p_limit < 0 then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_limit', 'value', p_limit, 'problem', 'it is 0 or more'
    ));
  end if;
  return query
  select b.*
  from marketing.budgets as b
  where b.workspace_id = p_workspace_id and (p_closed or b.closed_at is null) and b.id > coalesce(p_after_id, 0)
  order by b.id
  limit least(p_limit, 1000);
end;
$$;

comment on function marketing.list_budgets(bigint, boolean, bigint, integer) is $$
The budgets of a workspace, oldest first.
p_workspace_id: the workspace; the acting user is a member.
p_closed: those that are closed, too.
p_after_id: the last id of the page before; null: the first page.
p_limit: how many at most, up to 1000.
Returns: rows of marketing.budgets.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM005 marketing_argument_invalid.
$$;
