create or replace function coffee.mark_read(p_user_id uuid, p_notification_ids bigint[] default null)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_count integer;
begin
  update coffee.notifications as n
  set read_at = platform.now()
  where n.id in (
    select o.id
    from coffee.notifications as o
    where o.user_id = p_user_id
      and o.read_at is null
      and (p_notification_ids is null or o.id = any(p_notification_ids))
    order by o.id
    for no key update
  );
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function coffee.mark_read(uuid, bigint[]) is $$
Note that a user has read notifications.
p_user_id: the user.
p_notification_ids: which; those of others are passed over. Null: all.
Returns: how many were unread until now.
Locks: the notifications by id.
$$;
