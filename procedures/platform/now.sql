-- Billing, expiry and streaks cannot be tested by waiting, so the clock can be moved; but only by those who may, or an
-- application could lengthen its own coupons. session_user, not current_user: inside a security definer function current_user is the
-- owner; 'usage', not 'member': since PostgreSQL 16 whoever creates a role is a member of it, without its rights.
-- The body is bound when it is created (no search_path can change its meaning), which keeps it inlinable: it costs a comparison where
-- the clock is not moved. It is one function, not two, because views run functions with their reader's rights.

create or replace function platform.now()
  returns timestamptz
  language sql
  stable
  parallel safe
  return case
    when coalesce(current_setting('moadb.now', true), '') = '' then now()
    when pg_has_role(session_user, 'moadb_clock', 'usage') then current_setting('moadb.now')::timestamptz
    else now()
  end;

comment on function platform.now() is $$
The time that business rules go by: the transaction's start (now()), unless the session's login role is a member of moadb_clock and
has set moadb.now, e.g. set moadb.now = '2027-01-31 23:59+09'.
Returns: timestamptz.
Errors: 22007 when moadb.now is set by a member of moadb_clock and is no time.
$$;
