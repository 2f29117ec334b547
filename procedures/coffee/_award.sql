create or replace function coffee._award(p_user_id uuid, p_reason text, p_reference text, p_points integer)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into coffee.experience_entries (user_id, reason, reference, points, created_at)
  values (p_user_id, p_reason, p_reference, p_points, platform.now())
  on conflict (user_id, reason, reference) do nothing;
  return found;
end;
$$;

comment on function coffee._award(uuid, text, text, integer) is $$
Give a user points for something, once. Points, level and badges follow by trigger, and the user is told of a new level or badge.
p_user_id: whom.
p_reason: what for, e.g. feedback_given; badges count them.
p_reference: which one, e.g. the order's id: for the same one nothing is given again.
p_points: how many; negative takes back, 0 counts for badges alone.
Returns: whether something was given.
Errors: 23503 for a user that there is not, 23514 when more is taken back than there was: faults of the calling routine.
Locks: the user's row. Last of all but notifications and tasks: whoever has a subscription's row may wait for the user's, not the other way.
$$;
