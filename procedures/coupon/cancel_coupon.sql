-- Stock and the user's count follow by trigger (triggers/coupon/coupon_issues_status.sql), whoever cancels.

create or replace function coupon.cancel_coupon(p_coupon_number text, p_reason text)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coupon coupon.coupon_issues := coupon._lock_coupon(p_coupon_number);
begin
  if v_coupon.status <> 'CANCELLED' then
    perform coupon._refuse_coupon(v_coupon);

    update coupon.coupon_issues as i
    set status = 'CANCELLED', cancelled_reason = left(p_reason, 255)
    where i.id = v_coupon.id;
  end if;
  return v_coupon.id;
end;
$$;

comment on function coupon.cancel_coupon(text, text) is $$
Take a coupon back for good: the policy's stock and the user's count get it back. A coupon that is cancelled already stays as it is.
p_coupon_number: the coupon.
p_reason: for the record; the first 255 characters are kept. Null is none.
Returns: the coupon's id.
Errors: MC001 coupon_argument_missing, MC012 coupon_not_found, MC014 coupon_expired, MC016 coupon_used (roll it back first),
MC017 coupon_held (cancel the reservation first).
Locks: the coupon's row, one stripe of the policy's stock, the user's row of coupon_quotas, until the transaction ends.
Source: specification 002, status CANCELLED.
$$;
