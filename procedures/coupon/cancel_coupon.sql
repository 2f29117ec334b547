-- Stock and the user's count follow by trigger (triggers/coupon/coupon_issues_status.sql), whoever cancels. What is redeemed in part is
-- not taken back: another would be issued in its place, and a refund would have nowhere to go.

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
    if v_coupon.redemption_count > 0 then
      perform platform.fail('coupon_partly_used', jsonb_build_object(
        'coupon_number', v_coupon.coupon_number, 'coupon_id', v_coupon.id, 'redemptions', v_coupon.redemption_count
      ));
    end if;

    update coupon.coupon_issues as i
    set status = 'CANCELLED', cancelled_reason = left(p_reason, 255), updated_at = platform.now()
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
MC017 coupon_held (cancel the reservation first), MC055 coupon_partly_used (it may be redeemed several times, and was); of a damaged stock
MC056 coupon_stock_damaged.
Locks: the coupon's row, one stripe of the policy's stock, the user's row of coupon_quotas, until the transaction ends.
Source: specification 002, status CANCELLED.
$$;
