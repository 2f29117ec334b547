-- The coupons are locked by ascending id, then the order, then what the reservations take of limits; all of it in one order whatever the
-- coupons' ids are.

create or replace function coupon.reserve_coupons(
  p_coupon_numbers text[],
  p_user_id bigint,
  p_order_id text,
  p_order_amount numeric,
  p_ttl interval default '30 minutes',
  p_request_key text default null,
  p_context jsonb default '{}'
)
  returns table (
    coupon_number varchar,
    reservation_id varchar,
    coupon_id bigint,
    discount_amount numeric,
    expires_at timestamptz,
    lines jsonb
  )
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set intervalstyle = 'postgres'
as $$
#variable_conflict use_column
declare
  v_answer jsonb;
  v_ids    bigint[];
begin
  if p_coupon_numbers is null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_coupon_numbers"}');
  end if;
  perform coupon._refuse_reservation(p_user_id, p_order_id, p_order_amount, p_ttl, p_context);

  if p_request_key is not null then
    v_answer := platform.claim_request('coupon.reserve_coupons', p_request_key, jsonb_build_object(
      'coupon_numbers', p_coupon_numbers, 'user_id', p_user_id, 'order_id', p_order_id, 'order_amount', p_order_amount, 'ttl', p_ttl,
      'context', p_context
    ));
  end if;

  if v_answer is null then
    v_ids := coupon._find_coupons(p_coupon_numbers);
    perform pg_advisory_xact_lock(19782, hashint8(i.id)) from (select v.id from unnest(v_ids) as v (id) order by v.id) as i;
    perform coupon._lock_coupon(i.coupon_number)
    from (select c.coupon_number from coupon.coupon_issues as c where c.id = any (v_ids) order by c.id) as i;
    perform coupon._lock_order(p_order_id, p_user_id, v_ids);

    with quoted as materialized (
      select q.*
      from coupon._quote_stack(v_ids, p_user_id, p_order_id, p_order_amount, p_context, false) as q
    ), refused as materialized (
      select count(coupon._refuse_quote(q.coupon_id, q.verdicts)) as none from quoted as q where not q.applicable
    ), limited as materialized (
      select count(coupon._lock_limits(u.usages)) as none
      from (select array_agg(q.limit_usage) as usages from quoted as q cross join refused) as u
    ), held as (
      select q.place, q.coupon_id, q.discount, q.lines, h.*
      from (select q.* from quoted as q cross join limited order by q.policy_id, q.coupon_id) as q
      cross join lateral coupon._hold_coupon(
        q.coupon_id, p_user_id, p_order_id, p_order_amount, p_ttl, p_context, q.discount, q.shipping,
        jsonb_build_object('lines', q.lines, 'verdicts', q.verdicts), q.limit_usage
      ) as h
    )
    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'coupon_number', i.coupon_number, 'reservation_id', h.reservation_id, 'coupon_id', h.coupon_id,
          'discount_amount', h.discount, 'expires_at', h.expires_at, 'lines', h.lines
        )
        order by h.place
      ),
      '[]'
    ) into v_answer
    from held as h
    join coupon.coupon_issues as i on i.id = h.coupon_id;

    if p_request_key is not null then
      perform platform.complete_request('coupon.reserve_coupons', p_request_key, v_answer);
    end if;
  end if;

  return query
  select a.coupon_number, a.reservation_id, a.coupon_id, a.discount_amount, a.expires_at, a.lines
  from rows from (
    jsonb_to_recordset(v_answer) as (
      coupon_number varchar, reservation_id varchar, coupon_id bigint, discount_amount numeric, expires_at timestamptz, lines jsonb
    )
  ) with ordinality as a (coupon_number, reservation_id, coupon_id, discount_amount, expires_at, lines, place)
  order by a.place;
end;
$$;

comment on function coupon.reserve_coupons(text[], bigint, text, numeric, interval, text, jsonb) is $$
Hold several coupons for an order, all of them or none, with the discounts that coupon.quote_coupons shows for them. Coupons that the order
holds already stay as they are, unless they are among these: then they are priced anew together with the others. Calling it again for
the same order is safe.
coupon.confirm_order and coupon.rollback_order act on all coupons of the order.
p_coupon_numbers: up to ten, each once.
p_user_id: the holder of the coupons.
p_order_id: the order, in the shop's own numbering, 1 to 50 characters.
p_order_amount: what the goods cost before discounts, without shipping, 0 to 9,999,999,999,999, with two decimals at most.
p_ttl: how long the holds last, up to 30 days from now.
p_request_key: the same key gives the same answer again; null: none.
p_context: as in coupon.quote_coupon; kept with the reservations.
Returns: a row for each coupon, in the order of the numbers: coupon_number, reservation_id, coupon_id, discount_amount, expires_at, and
lines, the discount split over the lines of the context.
Errors: MC001 coupon_argument_missing, MC011 coupon_argument_invalid, MC012 coupon_not_found, MC013 coupon_not_owned, MC014 coupon_expired,
MC015 coupon_cancelled, MC016 coupon_used, MC017 coupon_held, MC018 coupon_order_too_small, MC031 coupon_context_invalid,
MC032 coupon_rule_failed (also when a coupon would take nothing off), MC033 coupon_limit_reached, MC034 coupon_subject_limit_reached,
MC035 coupon_not_combinable, MC053 order_isolation_level (not READ COMMITTED), MP051 request_key_invalid, MP052 request_key_reused.
Nothing is written then.
Locks: the coupons' advisory locks by ascending id, their rows, the order's advisory lock, then by policy rows of policy_limits (for key
share) and limit_usages, and the reservations; all until the transaction ends.
$$;
