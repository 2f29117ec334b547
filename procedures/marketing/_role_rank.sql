create or replace function marketing._role_rank(p_role text)
  returns integer
  language sql
  immutable
  parallel safe
  return array_position('{viewer,user,admin}'::text[], p_role);

comment on function marketing._role_rank(text) is $$
Order roles.
p_role: viewer, user or admin.
Returns: 1, 2 or 3; null for what is no role.
$$;
