-- The user's row is held, so that whoever deletes the user at this moment either finds the notification or is seen here.

create or replace function coffee._notify(
  p_user_id uuid, p_type text, p_content text, p_metadata jsonb default '{}', p_dedupe_key text default null
)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id         bigint;
  v_deleted_at timestamptz;
begin
  select u.deleted_at into v_deleted_at from coffee.users as u where u.id = p_user_id for key share;
  if v_deleted_at is not null then
    return null;
  end if;

  insert into coffee.notifications (user_id, type, content, metadata, dedupe_key, created_at)
  values (p_user_id, p_type, p_content, coalesce(p_metadata, '{}'), p_dedupe_key, platform.now())
  on conflict (user_id, dedupe_key) where dedupe_key is not null do nothing
  returning id into v_id;
  if found then
    perform platform.enqueue_task('coffee.notify', jsonb_build_object('notification_id', v_id, 'user_id', p_user_id));
  end if;
  return v_id;
end;
$$;

comment on function coffee._notify(uuid, text, text, jsonb, text) is $$
Tell a user something: a row of coffee.notifications, and a task coffee.notify for who sends it on (coffee.claim_tasks,
coffee.get_notification).
p_user_id: whom.
p_type: kind, e.g. payment_failed.
p_content: the text.
p_metadata: what programs need, a JSON object; null is {}.
p_dedupe_key: what it is about: under the same key a user is told once. Null: told in any case.
Returns: the notification's id; null when the user was told before, or has been deleted: boxes that were paid are still sent then.
Errors: 23503 for a user that there is not, 23514 for a type or key that is none: faults of the calling routine.
Locks: the user's row against deletion; while another transaction is telling the user the same, waits for its end.
$$;
