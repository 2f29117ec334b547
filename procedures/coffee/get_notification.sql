create or replace function coffee.get_notification(p_notification_id bigint)
  returns table (
    notification_id bigint, user_id uuid, email text, username text, preferences jsonb, type text, content text, metadata jsonb,
    created_at timestamptz, read_at timestamptz
  )
  language sql
  stable
  security definer
  rows 1
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select n.id, u.id, u.email, u.username, u.preferences, n.type, n.content, n.metadata, n.created_at, n.read_at
  from coffee.notifications as n
  join coffee.users as u on u.id = n.user_id and u.deleted_at is null
  where n.id = p_notification_id
$$;

comment on function coffee.get_notification(bigint) is $$
A notification and whom it is for, for the worker of coffee.notify.
p_notification_id: from the task's payload.
Returns: one row; none when the user has been deleted meanwhile: then there is nothing to send.
$$;
