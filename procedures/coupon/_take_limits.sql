-- A reservation says itself what it takes of limits, so it gives back exactly that, whatever the day, the limits or the order's context
-- have become since. Giving back waits for nobody (limit_credits); taking goes row by row in the order of the key, because whoever waits
-- for one row of usage must not hold a later one. An update that waited for the row and finds too little left keeps its lock, and whoever
-- changes the maximum has the limit's row and waits for that: so the limit's row is locked only where there is no row of usage.

create or replace function coupon._take_limits(p_old coupon.coupon_reservations, p_new coupon.coupon_reservations)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_change record;
  v_limit  record;
begin
  insert into coupon.limit_credits (limit_id, period_start, subject, amount)
  select c.limit_id, c.period_start, c.subject, -c.amount
  from coupon._limit_changes(p_old, p_new) as c
  where c.amount < 0;

  for v_change in
    select c.* from coupon._limit_changes(p_old, p_new) as c where c.amount > 0 order by c.limit_id, c.period_start, c.subject
  loop
    loop
      update coupon.limit_usages as u
      set used = u.used + v_change.amount
      where u.limit_id = v_change.limit_id
        and u.period_start = v_change.period_start
        and u.subject = v_change.subject
        and u.used + v_change.amount <= u.bound;

      exit when found;

      insert into coupon.limit_usages (limit_id, period_start, subject, used, bound)
      select l.id, v_change.period_start, v_change.subject, v_change.amount, l.bound
      from coupon.policy_limits as l
      where l.id = v_change.limit_id
        and v_change.amount <= l.bound
        and not exists (
          select
          from coupon.limit_usages as u
          where u.limit_id = v_change.limit_id and u.period_start = v_change.period_start and u.subject = v_change.subject
        )
      for key share of l
      on conflict do nothing;

      exit when found;
      continue when coupon._settle_limit(v_change.limit_id, v_change.period_start, v_change.subject);
      continue when coupon._release_lapsed(v_change.limit_id, v_change.period_start, v_change.subject);

      select l.*, u.used into v_limit
      from coupon.policy_limits as l
      left join coupon.limit_usages as u
        on u.limit_id = l.id and u.period_start = v_change.period_start and u.subject = v_change.subject
      where l.id = v_change.limit_id;

      -- somebody else has made the row, or settled it, between the two
      continue when coalesce(v_limit.used, 0) + v_change.amount <= v_limit.bound;

      if v_limit.per = 'POLICY' then
        perform platform.fail('coupon_limit_reached', jsonb_build_object(
          'policy_id', v_limit.policy_id, 'limit_id', v_limit.id, 'period', v_limit.period, 'measure', v_limit.measure,
          'maximum', v_limit.maximum, 'used', coalesce(v_limit.used, 0), 'needed', v_change.amount
        ));
      else
        perform platform.fail('coupon_subject_limit_reached', jsonb_build_object(
          'policy_id', v_limit.policy_id, 'limit_id', v_limit.id, 'period', v_limit.period, 'measure', v_limit.measure,
          'maximum', v_limit.maximum, 'used', coalesce(v_limit.used, 0), 'needed', v_change.amount,
          'what', coalesce(v_limit.attribute, 'user'), 'subject', v_change.subject
        ));
      end if;
    end loop;
  end loop;
end;
$$;

comment on function coupon._take_limits(coupon.coupon_reservations, coupon.coupon_reservations) is $$
Take from limits what a reservation uses, and give it back when it ends without payment or is rolled back.
p_old: the reservation as it was; null: it is new.
p_new: the reservation as it is.
Returns: nothing.
Errors: MC033 coupon_limit_reached (of the policy, for everybody), MC034 coupon_subject_limit_reached (of this user or attribute value).
Locks: rows of limit_usages by ascending key; the row of policy_limits for key share when one is made. When too little is left, those
of coupon._release_lapsed.
$$;
