create or replace function marketing.dismiss_insight(p_insight_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_insight marketing.insights := marketing._require_insight(p_insight_id, 'user');
begin
  if v_insight.is_applied then
    perform platform.fail('insight_decided',
      jsonb_build_object('insight_id', p_insight_id, 'state', 'applied', 'operation', 'dismiss'));
  end if;

  update marketing.insights as i
  set is_read = true, dismissed_at = platform.now(), decided_by = marketing._acting_user()
  where i.id = p_insight_id and i.dismissed_at is null;
end;
$$;

comment on function marketing.dismiss_insight(bigint) is $$
Put an insight aside. While what it says is found again without a pause longer than its life it is not told again. The same again
changes nothing.
p_insight_id: the insight.
Errors: MM002 not_permitted, MM003 acting_user_required, MM110 insight_not_found, MM111 insight_decided; MM001 workspace_not_found when
the member leaves at the same time.
Locks: the insight.
$$;
