create or replace function marketing.mark_insight_read(p_insight_id bigint, p_is_read boolean default true)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  perform marketing._require_insight(p_insight_id, 'user');

  update marketing.insights as i
  set is_read = coalesce(p_is_read, true)
  where i.id = p_insight_id and i.is_read <> coalesce(p_is_read, true);
end;
$$;

comment on function marketing.mark_insight_read(bigint, boolean) is $$
Note that an insight has been read, or has not. The same again changes nothing.
p_insight_id: the insight.
p_is_read: whether it has; null: it has.
Errors: MM002 not_permitted, MM003 acting_user_required, MM110 insight_not_found; MM001 workspace_not_found when the member leaves at
the same time.
Locks: the insight.
$$;
