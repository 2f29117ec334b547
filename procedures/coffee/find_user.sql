create or replace function coffee.find_user(p_email text)
  returns uuid
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select u.id from coffee.users as u where lower(u.email) = lower(p_email) and u.deleted_at is null
$$;

comment on function coffee.find_user(text) is $$
Which user has an address.
p_email: the address; its case does not matter.
Returns: the user's id; null when nobody has it.
$$;
