-- What keeps a coupon from being reserved keeps it from being transferred and cancelled, too.

create or replace function coupon._refuse_coupon(p_coupon coupon.coupon_issues)
  returns void
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coupon._refuse_quote(p_coupon.id, coupon._judge_holder(p_coupon, p_coupon.user_id, null, platform.now()))
$$;

comment on function coupon._refuse_coupon(coupon.coupon_issues) is $$
Raise the error that says why a coupon is not free.
p_coupon: the coupon's row.
Returns: nothing, and only when the coupon is issued, not held, and valid.
Errors: MC014 coupon_expired, MC015 coupon_cancelled, MC016 coupon_used, MC017 coupon_held.
$$;
