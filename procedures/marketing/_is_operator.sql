-- Inside a security definer function current_user is its owner; who calls is the role that was set, or else the login.

create or replace function marketing._is_operator()
  returns boolean
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select pg_has_role(c.role, 'marketing_admin', 'usage') or pg_has_role(c.role, 'moadb_owner', 'usage')
  from (select coalesce(nullif(current_setting('role'), 'none'), session_user)::name) as c (role);
$$;

comment on function marketing._is_operator() is $$
Whether the caller operates the installation: a member of marketing_admin, or of the owner's role (deployers, the scheduler).
Returns: boolean.
$$;
