-- Readers of what platform.set_actor has set, for audit triggers: the platform's own and those of systems with an audit table of
-- their own. Bound when created, so safe and inlinable.

create or replace function platform._actor()
  returns text
  language sql
  stable
  parallel safe
  return coalesce(nullif(current_setting('moadb.actor', true), ''), session_user);

comment on function platform._actor() is $$
Who acts in this transaction: what platform.set_actor was told, else the login role.
Returns: text, never null.
$$;
