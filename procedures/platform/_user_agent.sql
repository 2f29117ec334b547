create or replace function platform._user_agent()
  returns text
  language sql
  stable
  parallel safe
  return nullif(current_setting('moadb.user_agent', true), '');

comment on function platform._user_agent() is $$
With which program the actor of this transaction works: what platform.set_actor was told.
Returns: text, or null.
$$;
