-- requires: procedures/platform/_user_agent.sql
--
-- As coupon._audit_address, put in its place when the statement is planned.

create or replace function coupon._audit_agent()
  returns text
  language sql
  stable
  parallel safe
  return left(platform._user_agent(), 255);

comment on function coupon._audit_agent() is $$
With which program the actor of this transaction works, for coupon_issue_audit.user_agent: what platform.set_actor was told.
Returns: text, 255 characters at most, or null.
$$;
