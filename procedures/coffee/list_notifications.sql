create or replace function coffee.list_notifications(
  p_user_id uuid, p_limit integer default 50, p_before_id bigint default null, p_unread_only boolean default false
)
  returns table (notification_id bigint, type text, content text, metadata jsonb, created_at timestamptz, read_at timestamptz)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select n.id, n.type, n.content, n.metadata, n.created_at, n.read_at
  from coffee.notifications as n
  join coffee.users as u on u.id = n.user_id and u.deleted_at is null
  where n.user_id = p_user_id
    and n.id < coalesce(p_before_id, 9223372036854775807)
    and (p_unread_only is not true or n.read_at is null)
  order by n.id desc
  limit least(greatest(p_limit, 0), 500)
$$;

comment on function coffee.list_notifications(uuid, integer, bigint, boolean) is $$
What a user was told, newest first, page by page.
p_user_id: the user.
p_limit: how many to return, 500 at most.
p_before_id: where to go on: the notification_id of the last row of the page before; null: from the newest.
p_unread_only: whether to leave out those that are read.
Returns: one row for each; none of a user who has been deleted.
$$;
