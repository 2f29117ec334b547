-- The triggers are those of the text that is deployed next.
drop trigger if exists trigger_update_coupon_issues on coupon.coupon_issues;
drop trigger if exists coupon_issues_keep_times on coupon.coupon_issues;
drop trigger if exists coupon_issues_keep_id on coupon.coupon_issues;
drop trigger if exists coupon_issues_keep_reserved on coupon.coupon_issues;
drop trigger if exists coupon_reservations_hold on coupon.coupon_reservations;
drop trigger if exists trigger_update_coupon_reservations on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_keep on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_keep_columns on coupon.coupon_reservations;

drop table coupon.release_progress;

alter table coupon.coupon_issues
  drop column was_held,
  drop column steps_written;

drop index coupon.coupon_reservations_expires_at_idx;

alter table coupon.coupon_reservations
  drop column coupon_number,
  drop column steps_written,
  alter column status type varchar(20),
  add constraint coupon_reservations_status_check check (status in ('PENDING', 'CONFIRMED', 'CANCELLED', 'EXPIRED')),
  add constraint coupon_reservations_amounts_check check (discount_amount between 0 and order_amount + shipping_amount),
  add constraint coupon_reservations_shipping_amount_check check (shipping_amount >= 0),
  add constraint coupon_reservations_expires_check check (expires_at > reserved_at),
  add constraint coupon_reservations_coupon_id_fkey foreign key (coupon_id) references coupon.coupon_issues (id);

create index coupon_reservations_user_id_idx on coupon.coupon_reservations (user_id);
create unique index coupon_reservations_one_open_key on coupon.coupon_reservations (coupon_id) where status in ('PENDING', 'CONFIRMED');
create index coupon_reservations_expires_at_idx on coupon.coupon_reservations (expires_at) where status = 'PENDING';

comment on table coupon.coupon_reservations is
  'An order''s hold on a coupon, from checkout to payment. A coupon has at most one that is pending or confirmed.';

drop domain coupon.reservation_status;

drop function if exists coupon.reserve_coupon(text, bigint, text, numeric, interval, text, jsonb);
drop function if exists coupon._reserve_coupon(text, bigint, text, numeric, interval, jsonb, timestamptz);
drop function if exists coupon.confirm_reservation(text);
drop function if exists coupon._confirm_reservation(text);
drop type coupon.redeemed_coupon;
drop type coupon.held_coupon;
