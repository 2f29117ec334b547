-- The coupon's advisory lock (19782, its id) comes first in every call that changes who has a coupon; whoever has it is alone with the
-- coupon, at a tenth of what locking the row would cost.
-- Most calls are about a coupon of a plain policy that is free, was never held before, and is typed as it was issued, for an order that has
-- no coupon yet and of which nothing else is said: those are dealt with here, in one look that also takes the coupon; reservation and
-- record are written with it, and steps_written says so: the triggers that would judge the change and write the rest leave it alone.
-- The order is locked (19783) before it is looked at, or two coupons reserved at once would both be the first, and take more off than it
-- costs.
-- Everything else is for coupon._reserve_coupon, which looks at everything in turn and knows why not. Likewise arguments: a time of hours
-- and minutes, and an amount that is written with two decimals at most, need no second look.
-- The number is deciphered here (coupon._unscramble has the rounds), because a function costs as much as a statement. Whether it is one is
-- settled by comparing it with that of the coupon found; only what is no hexadecimal number must not come to the cast.
-- With a generic plan, always: where there are many partitions PostgreSQL would plan every call anew, for four times the cost. By indexes
-- and nested loops alone, or a plan made while there are few rows would read all of them when there are many. `is not distinct from`
-- keeps it from looking for the coupon among all that the user has.

create or replace function coupon.reserve_coupon(
  p_coupon_number text,
  p_user_id bigint,
  p_order_id text,
  p_order_amount numeric,
  p_ttl interval default '30 minutes',
  p_request_key text default null,
  p_context jsonb default '{}'
)
  returns coupon.held_coupon
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set intervalstyle = 'postgres'
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_mergejoin = off
  set enable_hashjoin = off
as $$
declare
  v_held     coupon.held_coupon;
  v_now      timestamptz := platform.now();
  v_secret   bigint;
  v_id       bigint;
  v_left     bigint;
  v_discount numeric;
  v_answer   jsonb;
begin
  if (
    p_user_id is not null
    and length(p_order_id) between 1 and 50
    and p_order_amount between 0 and 9999999999999 and scale(p_order_amount) <= 2
    and p_ttl > '0' and p_ttl <= '30 days' and p_ttl::interval month = '0' and p_ttl::interval day = '0'
    and p_context is not null
  ) is not true then
    perform coupon._refuse_reservation(p_user_id, p_order_id, p_order_amount, p_ttl, p_context);
  end if;

  if p_request_key is not null then
    v_answer := platform.claim_request('coupon.reserve_coupon', p_request_key, jsonb_build_object(
      'coupon_number', p_coupon_number, 'user_id', p_user_id, 'order_id', p_order_id, 'order_amount', p_order_amount, 'ttl', p_ttl,
      'context', p_context
    ));
    if v_answer is not null then
      return jsonb_populate_record(null::coupon.held_coupon, v_answer);
    end if;
  end if;

  if p_context = '{}' and rtrim(substr(p_coupon_number, 4, 14), '0123456789ABCDEF') = '' then
    select k.secret into v_secret from coupon.number_key as k;
    v_id := ('x' || substr(p_coupon_number, 4, 14))::bit(56)::bigint;
    for v_round in reverse 4 .. 1 loop
      v_left := v_id >> 28;
      v_id := (v_id & 268435455 # (hashint8extended(v_left, v_secret # v_round) & 268435455)) << 28 | v_left;
    end loop;

    if pg_try_advisory_xact_lock(19782, hashint8(v_id)) and pg_try_advisory_xact_lock(19783, hashtext(p_order_id)) then
      v_held.reservation_id := coupon._new_reservation_id();

      update coupon.coupon_issues as i
      set status = 'RESERVED', reserved_at = v_now, order_id = p_order_id, reservation_id = v_held.reservation_id, was_held = true,
        updated_at = v_now, steps_written = i.steps_written + 1
      from coupon.coupon_policies as p
      where i.id = v_id
        and i.coupon_number = p_coupon_number
        and i.user_id is not distinct from p_user_id
        and i.status = 'ISSUED'
        and i.was_held is null
        and i.expiry_date > v_now
        and p.id = i.policy_id
        and not p.has_terms
        and p.minimum_order_amount <= p_order_amount
        and not exists (select from coupon.coupon_reservations as r where r.order_id = p_order_id)
      returning coupon._discount_of(p.discount_type, p.discount_value, p.max_discount_amount, p_order_amount) into v_discount;
    end if;
  end if;

  if v_discount is null then
    v_held := coupon._reserve_coupon(p_coupon_number, p_user_id, p_order_id, p_order_amount, p_ttl, p_context);
  else
    insert into coupon.coupon_reservations as r (
      reservation_id, coupon_id, coupon_number, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at, status,
      context, created_at, updated_at, steps_written
    )
    values (
      v_held.reservation_id, v_id, p_coupon_number, p_user_id, p_order_id, p_order_amount, v_discount, v_now, v_now + p_ttl,
      'PENDING', p_context, v_now, v_now, 1
    )
    returning r.reservation_id, r.coupon_id, r.discount_amount, r.expires_at into v_held;

    insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
    values (
      platform.month_id(v_now, nextval('coupon.coupon_issue_audit_id_seq')), v_id, p_user_id, 'STATUS_CHANGED',
      jsonb_object(array[
        'old_status', 'ISSUED', 'new_status', 'RESERVED', 'order_id', p_order_id, 'reservation_id', v_held.reservation_id
      ]),
      coupon._audit_address(), coupon._audit_agent(), v_now
    );
  end if;

  if p_request_key is not null then
    perform platform.complete_request('coupon.reserve_coupon', p_request_key, to_jsonb(v_held));
  end if;
  return v_held;
end;
$$;

comment on function coupon.reserve_coupon(text, bigint, text, numeric, interval, text, jsonb) is $$
Hold a coupon for an order, until it is paid (coupon.confirm_reservation), given up (coupon.cancel_reservation) or p_ttl is over.
Calling it again for the same order is safe: the same reservation, with the discount for the amount now given and the time begun anew.
A hold of another order that has lapsed is released on the way.
p_coupon_number: as the user typed it; case, blanks and hyphens do not matter.
p_user_id: the holder of the coupon.
p_order_id: the order, in the shop's own numbering, 1 to 50 characters.
p_order_amount: what the goods cost before discounts, without shipping, in the policy's currency, 0 to 9,999,999,999,999, with two
decimals at most. A coupon is priced for what the order's other coupons leave; coupon.reserve_coupons holds several together, each
for what those before it leave.
p_ttl: how long the hold lasts, up to 30 days from now. After the coupon's own expiry a hold is not made longer.
p_request_key: the same key gives the same answer again, whatever has become of the reservation; null: none.
p_context: what else the shop knows about the order, as in coupon.quote_coupon; kept with the reservation.
Returns: one row: reservation_id, coupon_id, discount_amount (what the order is reduced by, whatever changes later), expires_at.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid, MC012 coupon_not_found, MC013 coupon_not_owned, MC014 coupon_expired,
MC015 coupon_cancelled, MC016 coupon_used, MC017 coupon_held, MC018 coupon_order_too_small, MC031 coupon_context_invalid,
MC032 coupon_rule_failed (also when the order's other coupons leave nothing), MC035 coupon_not_combinable, MC053 order_isolation_level
(whatever is not a plain coupon for an order that has none, and not READ COMMITTED); of policies with terms MC033 coupon_limit_reached,
MC034 coupon_subject_limit_reached; of p_request_key MP051 request_key_invalid, MP052 request_key_reused; MC024
coupon_state_refused, when the coupon expired, or somebody wrote it by SQL, while the call looked at it: the same call again says
more. Nothing is written then.
Locks: the coupon's advisory lock, the order's (19783, hashtext(order)), the coupon's row, then the reservation's, until the transaction
ends. Several coupons in one transaction: by ascending id.
Source: specification 002, coupon_reservations.
$$;
