-- The long way of coupon.reserve_coupon: a coupon that is not free, was held before, is typed in another way or has terms; an order
-- that has coupons already, or of which more is known than its amount. The quote engine judges all of that, so that what is reserved is
-- what coupon.quote_coupon says. It may join in every way, which coupon.reserve_coupon may not.

create or replace function coupon._reserve_coupon(
  p_coupon_number text,
  p_user_id bigint,
  p_order_id text,
  p_order_amount numeric,
  p_ttl interval,
  p_context jsonb
)
  returns coupon.held_coupon
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set enable_mergejoin = on
  set enable_hashjoin = on
as $$
declare
  v_coupon coupon.coupon_issues := coupon._lock_coupon(p_coupon_number);
  v_quote  record;
  v_held   coupon.held_coupon;
begin
  perform coupon._lock_order(p_order_id, p_user_id, array[v_coupon.id]);

  select q.* into v_quote
  from coupon._quote_stack(array[v_coupon.id], p_user_id, p_order_id, p_order_amount, p_context, true) as q;
  perform coupon._refuse_quote(v_coupon.id, v_quote.verdicts);

  select h.reservation_id, v_coupon.id, v_quote.discount, h.expires_at into v_held
  from coupon._hold_coupon(
    v_coupon.id, p_user_id, p_order_id, p_order_amount, p_ttl, p_context, v_quote.discount, v_quote.shipping,
    jsonb_build_object('lines', v_quote.lines, 'verdicts', v_quote.verdicts), v_quote.limit_usage
  ) as h;
  return v_held;
end;
$$;

comment on function coupon._reserve_coupon(text, bigint, text, numeric, interval, jsonb) is $$
Hold a coupon for an order, whatever state it is in; what coupon.reserve_coupon does when the usual case does not apply.
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
p_user_id: the holder of the coupon.
p_order_id: the order, in the shop's own numbering.
p_order_amount: what the goods cost before discounts.
p_ttl: how long the hold lasts.
p_context: what else the shop knows about the order.
Returns: one row, as coupon.reserve_coupon.
Errors: MC001 coupon_argument_missing, MC012 coupon_not_found, MC013 coupon_not_owned, MC014 coupon_expired, MC015 coupon_cancelled,
MC016 coupon_used, MC017 coupon_held, MC018 coupon_order_too_small, MC031 coupon_context_invalid,
MC032 coupon_rule_failed, MC033 coupon_limit_reached, MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable,
MC053 order_isolation_level.
Locks: the coupon's advisory lock and row, the order (advisory) and the rows of its limits, until the
transaction ends.
$$;
