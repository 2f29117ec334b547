-- A cancelled coupon goes back to the stock, off its holder's count and off the uses of the code that it was claimed by; one that
-- changes hands counts for its new holder: here, so that it holds whoever writes the row.
-- A stripe that has given something out takes it back. As in issuing, one that nobody is on is asked for first; when all of them are
-- taken, one is waited for. Some stripe has something out at any time: this coupon.

create or replace function coupon._coupon_issues_counts()
  returns trigger
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
  where p.id = new.policy_id;

  if new.status = 'CANCELLED' then
    perform coupon._return_code_use(new.id);

    while v_limited loop
      select s.stripe into v_stripe
      from coupon.coupon_stock as s
      where s.policy_id = new.policy_id
        and s.remaining < s.capacity
        and pg_try_advisory_xact_lock(19779, hashint8(new.policy_id) # s.stripe)
      limit 1;

      if not found then
        select s.stripe into v_stripe
        from coupon.coupon_stock as s
        where s.policy_id = new.policy_id and s.remaining < s.capacity
        limit 1;
      end if;

      update coupon.coupon_stock as s
      set remaining = s.remaining + 1
      where s.policy_id = new.policy_id and s.stripe = v_stripe and s.remaining < s.capacity;
      exit when found;
    end loop;

    update coupon.coupon_quotas as q
    set issued = q.issued - 1
    where q.policy_id = new.policy_id and q.user_id = new.user_id;
    return null;
  end if;

  if old.user_id < new.user_id then
    update coupon.coupon_quotas as q
    set issued = q.issued - 1
    where q.policy_id = new.policy_id and q.user_id = old.user_id;
  end if;

  perform coupon._add_to_quota(new.policy_id, new.user_id, v_user_limit);

  if old.user_id > new.user_id then
    update coupon.coupon_quotas as q
    set issued = q.issued - 1
    where q.policy_id = new.policy_id and q.user_id = old.user_id;
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_issues_counts() is $$
Trigger function: give a cancelled coupon back to its code, stock and quota, or move it from one user's quota to another's.
Returns: null (after trigger).
Errors: MC007 coupon_user_limit_exceeded (the receiver's).
Locks: the row of a code whose uses are counted, one stripe of the policy's stock, then the holder's row of coupon_quotas; or the rows
of both users by ascending user.
$$;

create or replace trigger coupon_issues_counts
  after update of status, user_id on coupon.coupon_issues
  for each row
  when (new.status = 'CANCELLED' and old.status <> 'CANCELLED' or new.user_id <> old.user_id)
  execute function coupon._coupon_issues_counts();
