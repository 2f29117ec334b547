-- The memberships stay, so that whoever is let in again is where they were. What such a user may see is nothing, at once.

create or replace function marketing.deactivate_user(p_user_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update marketing.users as u set is_active = false where u.id = p_user_id and u.is_active;
  if not found and not exists (select from marketing.users as u where u.id = p_user_id) then
    perform platform.fail('marketing_user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;
end;
$$;

comment on function marketing.deactivate_user(bigint) is $$
Take from a user the right to act; again: nothing happens. marketing.edit_user gives it back. For operators, so it may also be the last
admin of a workspace: then they add another.
p_user_id: the user.
Errors: MM009 marketing_user_not_found.
Locks: the user's row.
$$;
