-- The reservation is the truth about who has a coupon, and the coupon follows it: the two cannot come apart, whoever writes.
-- A coupon names the one reservation that has it, so a second hold finds it taken: that is the uniqueness, under the coupon's row lock.
-- The coupon's own trigger looks back here.
-- The two steps of every checkout, a hold and its payment, are written whole by coupon.reserve_coupon and coupon.confirm_reservation, which
-- count them in steps_written; so they pay for a comparison. updated_at is set where whoever writes did not: an after trigger that
-- writes again then is cheaper than a before trigger that every checkout pays for (docs/performance.md).

create or replace function coupon._coupon_reservations_hold()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform coupon._follow_reservation(null, new);
  return null;
end;
$$;

comment on function coupon._coupon_reservations_hold() is $$
Trigger function: a coupon follows its new reservation: PENDING → RESERVED, CONFIRMED → USED.
Returns: null (after trigger).
Errors: MC024 coupon_state_refused (the coupon is not free, or there is none), MC050 reservation_amounts_refused; of its terms MC033
coupon_limit_reached, MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable, MC053 order_isolation_level.
Locks: the coupon's row.
$$;

create or replace trigger coupon_reservations_hold
  after insert on coupon.coupon_reservations
  for each row
  when (new.steps_written = 0)
  execute function coupon._coupon_reservations_hold();

create or replace function coupon._coupon_reservations_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform coupon._follow_reservation(old, new);
  if new.updated_at = old.updated_at and platform.now() <> new.updated_at then
    update coupon.coupon_reservations as r
    set updated_at = platform.now(), steps_written = r.steps_written + 1
    where r.reservation_id = new.reservation_id;
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_reservations_follow() is $$
Trigger function: a coupon follows its reservation when that changes: PENDING → RESERVED, CONFIRMED → USED, otherwise free again, as
ISSUED or, after its time, EXPIRED. updated_at of the reservation is set where the statement did not set it.
Returns: null (after trigger).
Errors: MC021 reservation_rolled_back, MC024 coupon_state_refused (another reservation has the coupon), MC025 reservation_fixed (the time
of payment), MC050 reservation_amounts_refused, MP050 transition_refused; of its terms MC033 coupon_limit_reached,
MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable, MC053 order_isolation_level.
Locks: the coupon's row.
Source: specification 002, update_updated_at.
$$;

create or replace trigger trigger_update_coupon_reservations
  after update on coupon.coupon_reservations
  for each row
  when (new.steps_written = old.steps_written)
  execute function coupon._coupon_reservations_follow();
