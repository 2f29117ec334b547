-- requires: procedures/coupon/_keep_rows.sql
--
-- A coupon that is held or used would be without the reservation that says so.

create or replace function coupon._coupon_reservations_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.fail('reservation_open',
    jsonb_build_object('reservation_id', old.reservation_id, 'status', old.status));
  return null;
end;
$$;

comment on function coupon._coupon_reservations_keep() is $$
Trigger function: a reservation that is pending or confirmed is not deleted.
Returns: never.
Errors: MC026 reservation_open.
$$;

create or replace trigger coupon_reservations_keep
  before delete on coupon.coupon_reservations
  for each row
  when (old.status in ('PENDING', 'CONFIRMED'))
  execute function coupon._coupon_reservations_keep();

create or replace trigger coupon_reservations_keep_all
  before truncate on coupon.coupon_reservations
  for each statement
  execute function coupon._keep_rows();
