-- One reservation takes its rows of usage in the order of their key (coupon._take_limits). Several of one policy would go back to a row of
-- today after the total, when the one before was held yesterday: so all that they take is locked first.

create or replace function coupon._lock_limits(p_usages jsonb[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if cardinality(array_remove(p_usages, null)) > 1 then
    perform
    from coupon.policy_limits as l
    where l.id in (
      select t.limit_id
      from unnest(p_usages) as u (list)
      cross join lateral jsonb_to_recordset(u.list) as t (limit_id bigint)
    )
    order by l.policy_id, l.id
    for key share;

    perform
    from coupon.limit_usages as s
    join coupon.policy_limits as l on l.id = s.limit_id
    where (s.limit_id, s.period_start, s.subject) in (
      select t.limit_id, t.period_start, t.subject
      from unnest(p_usages) as u (list)
      cross join lateral jsonb_to_recordset(u.list) as t (limit_id bigint, period_start date, subject text)
    )
    order by l.policy_id, s.limit_id, s.period_start, s.subject
    for no key update of s;
  end if;
end;
$$;

comment on function coupon._lock_limits(jsonb[]) is $$
Lock what several reservations of one call take of limits, in the order of locks. A single one needs it not.
p_usages: limit_usage of each, some of them null.
Returns: nothing.
Locks: rows of policy_limits for key share, by policy; then rows of limit_usages, by policy and ascending key.
$$;
