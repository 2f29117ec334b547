create or replace function marketing.find_credentials(p_email text)
  returns table (user_id bigint, password_hash text)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select u.id, u.password_hash from marketing.users as u where lower(u.email) = lower(p_email) and u.is_active;
$$;

comment on function marketing.find_credentials(text) is $$
What a password is checked against. For the service that signs users in, as an operator: applications do not read hashes.
p_email: the address; its case does not matter.
Returns: one row; none when no active user has the address.
$$;
