create or replace function coupon._new_reservation_id()
  returns varchar
  language sql
  volatile
  return 'RSV' || upper(
    lpad(to_hex(nextval('coupon.coupon_reservations_number_seq')), 12, '0') || right(gen_random_uuid()::text, 12)
  );

comment on function coupon._new_reservation_id() is $$
A reservation id that nobody can guess: RSV, twelve hexadecimal digits that ascend, so that ids lie together in the index, and twelve
that are random.
Returns: varchar of 27 characters.
$$;
