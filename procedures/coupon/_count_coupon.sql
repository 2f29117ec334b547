-- A cancelled coupon goes back to the stock, off its holder's count and off the uses of the code that it was claimed by; one that
-- changes hands counts for its new holder: called by the trigger that guards the row, so that it holds whoever writes.
-- A stripe that has given something out takes it back. As in issuing, one that nobody is on is asked for first; when all of them are
-- taken, one is waited for. Some stripe has something out at any time: this coupon. Unless somebody has changed the stock by hand.

create or replace function coupon._count_coupon(p_old coupon.coupon_issues, p_new coupon.coupon_issues)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_limited    boolean;
  v_user_limit integer;
  v_stripe     smallint;
begin
  select p.max_issue_count is not null, p.max_issue_per_user
  into v_limited, v_user_limit
  from coupon.coupon_policies as p
  where p.id = p_new.policy_id;

  if p_new.status = 'CANCELLED' then
    perform coupon._return_code_use(p_new.id);

    while v_limited loop
      select s.stripe into v_stripe
      from coupon.coupon_stock as s
      where s.policy_id = p_new.policy_id
        and s.remaining < s.capacity
        and pg_try_advisory_xact_lock(19779, hashint8(p_new.policy_id) # s.stripe)
      limit 1;

      if not found then
        select s.stripe into v_stripe
        from coupon.coupon_stock as s
        where s.policy_id = p_new.policy_id and s.remaining < s.capacity
        limit 1;

        if not found then
          perform platform.fail('coupon_stock_damaged', jsonb_build_object('policy_id', p_new.policy_id, 'coupon_id', p_new.id));
        end if;
      end if;

      update coupon.coupon_stock as s
      set remaining = s.remaining + 1
      where s.policy_id = p_new.policy_id and s.stripe = v_stripe and s.remaining < s.capacity;
      exit when found;
    end loop;

    update coupon.coupon_quotas as q
    set issued = q.issued - 1
    where q.policy_id = p_new.policy_id and q.user_id = p_new.user_id;
    return;
  end if;

  if p_old.user_id < p_new.user_id then
    update coupon.coupon_quotas as q
    set issued = q.issued - 1
    where q.policy_id = p_new.policy_id and q.user_id = p_old.user_id;
  end if;

  perform coupon._add_to_quota(p_new.policy_id, p_new.user_id, v_user_limit);

  if p_old.user_id > p_new.user_id then
    update coupon.coupon_quotas as q
    set issued = q.issued - 1
    where q.policy_id = p_new.policy_id and q.user_id = p_old.user_id;
  end if;
end;
$$;

comment on function coupon._count_coupon(coupon.coupon_issues, coupon.coupon_issues) is $$
Give a cancelled coupon back to its code, stock and quota, or move it from one user's quota to another's.
p_old: the coupon's row as it was.
p_new: the row as it is to be: CANCELLED, or another user's.
Returns: nothing.
Errors: MC007 coupon_user_limit_exceeded (the receiver's), MC056 coupon_stock_damaged (nothing is out).
Locks: the row of a code whose uses are counted, one stripe of the policy's stock, then the holder's row of coupon_quotas; or the rows
of both users by ascending user.
$$;
