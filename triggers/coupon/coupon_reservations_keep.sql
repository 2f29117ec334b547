-- requires: procedures/coupon/_keep_rows.sql
--
-- A coupon that is held or used would be without the reservation that says so. A trigger that names columns costs nothing to a
-- statement that does not set them.

create or replace function coupon._coupon_reservations_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    if old.status in ('PENDING', 'CONFIRMED') then
      perform platform.fail('reservation_open',
        jsonb_build_object('reservation_id', old.reservation_id, 'status', old.status));
    end if;
  elsif (new.reservation_id, new.coupon_id, new.user_id, new.order_id)
    is distinct from (old.reservation_id, old.coupon_id, old.user_id, old.order_id)
  then
    perform platform.fail('reservation_fixed', jsonb_build_object('reservation_id', old.reservation_id));
  end if;
  return null;
end;
$$;

comment on function coupon._coupon_reservations_keep() is $$
Trigger function: a reservation that is pending or confirmed is not deleted, and none changes whose it is.
Returns: null (after trigger).
Errors: MC025 reservation_fixed (another id, coupon, user or order), MC026 reservation_open.
$$;

create or replace trigger coupon_reservations_keep
  after delete on coupon.coupon_reservations
  for each row
  execute function coupon._coupon_reservations_keep();

create or replace trigger coupon_reservations_keep_columns
  after update of reservation_id, coupon_id, user_id, order_id on coupon.coupon_reservations
  for each row
  execute function coupon._coupon_reservations_keep();

create or replace trigger coupon_reservations_keep_all
  before truncate on coupon.coupon_reservations
  for each statement
  execute function coupon._keep_rows();
