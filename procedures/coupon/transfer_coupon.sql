-- The counts of both users follow by trigger (triggers/coupon/coupon_issues_status.sql), which holds the receiver's limit.

create or replace function coupon.transfer_coupon(p_coupon_number text, p_from_user_id bigint, p_to_user_id bigint)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon coupon.coupon_issues;
begin
  if p_from_user_id is null or p_to_user_id is null then
    perform platform.fail('coupon_argument_missing',
      jsonb_build_object('argument', case when p_from_user_id is null then 'p_from_user_id' else 'p_to_user_id' end));
  end if;

  v_coupon := coupon._lock_coupon(p_coupon_number);
  if v_coupon.user_id <> p_from_user_id then
    perform platform.fail('coupon_not_owned',
      jsonb_build_object('coupon_number', v_coupon.coupon_number, 'user_id', p_from_user_id));
  end if;
  perform coupon._refuse_coupon(v_coupon);

  update coupon.coupon_issues as i
  set user_id = p_to_user_id, updated_at = platform.now()
  where i.id = v_coupon.id and i.user_id <> p_to_user_id;
  return v_coupon.id;
end;
$$;

comment on function coupon.transfer_coupon(text, bigint, bigint) is $$
Give a coupon to another user. It counts for the receiver from then on.
p_coupon_number: the coupon.
p_from_user_id: who holds it.
p_to_user_id: who gets it.
Returns: the coupon's id.
Errors: MC001 coupon_argument_missing, MC007 coupon_user_limit_exceeded (the receiver's), MC012 coupon_not_found, MC013 coupon_not_owned,
MC014 coupon_expired, MC015 coupon_cancelled, MC016 coupon_used, MC017 coupon_held.
Locks: the coupon's row, the rows of both users in coupon_quotas by ascending user, until the transaction ends.
$$;
