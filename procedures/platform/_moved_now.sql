-- session_user, not current_user: inside a security definer function current_user is the owner, who may always move the clock.

create or replace function platform._moved_now()
  returns timestamptz
  language sql
  stable
  parallel safe
  return case
    when pg_has_role(session_user, 'moadb_clock', 'member') then current_setting('moadb.now')::timestamptz
    else now()
  end;

comment on function platform._moved_now() is $$
The other half of platform.now(): the moved clock for members of moadb_clock, now() for everybody else.
Returns: timestamptz.
Errors: 22007 when moadb.now is no time.
$$;
