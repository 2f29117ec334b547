-- depends: 0007.coupon_issuing 0009.coupon_limits
--
-- What a checkout pays for and need not (docs/performance.md): a check of a table is parsed in every statement, so a status is checked
-- by a domain and the amounts by the trigger that looks at the row anyway; a foreign key to a partitioned table locks every partition
-- in every call; an index that speaks of the status has to be written whenever it changes, and so does every other index then.

-- What these did is done by fewer triggers now (triggers/coupon): a trigger's condition is parsed in every statement, too.
drop trigger if exists coupon_issues_status on coupon.coupon_issues;
drop trigger if exists coupon_issues_keep_times on coupon.coupon_issues;
drop trigger if exists coupon_issues_status_holds on coupon.coupon_issues;
drop trigger if exists trigger_audit_coupon_issues_update on coupon.coupon_issues;
drop trigger if exists coupon_issues_counts on coupon.coupon_issues;
drop trigger if exists coupon_reservations_follow on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_follow_status on coupon.coupon_reservations;
drop trigger if exists trigger_update_coupon_reservations on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_limits_insert on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_limits on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_stack_insert on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_stack on coupon.coupon_reservations;
drop trigger if exists coupon_reservations_keep on coupon.coupon_reservations;  -- made again after the type of its column changes

create domain coupon.reservation_status as varchar(20)
  constraint reservation_status_check check (value in ('PENDING', 'CONFIRMED', 'CANCELLED', 'EXPIRED'));

comment on domain coupon.reservation_status is 'PENDING → CONFIRMED; CANCELLED and EXPIRED end it.';

drop index coupon.coupon_reservations_one_open_key;
drop index coupon.coupon_reservations_expires_at_idx;
drop index coupon.coupon_reservations_user_id_idx;

alter table coupon.coupon_reservations
  drop constraint coupon_reservations_coupon_id_fkey,
  drop constraint coupon_reservations_status_check,
  drop constraint coupon_reservations_amounts_check,
  drop constraint coupon_reservations_shipping_amount_check,
  drop constraint coupon_reservations_expires_check,
  alter column status type coupon.reservation_status,
  add column coupon_number varchar(50),
  add column steps_written integer not null default 0;

comment on column coupon.coupon_reservations.steps_written is 'As in coupon_issues, the first step being its making.';

create index coupon_reservations_expires_at_idx on coupon.coupon_reservations (expires_at);

comment on table coupon.coupon_reservations is
  'An order''s hold on a coupon, from checkout to payment. A coupon has at most one that is pending or confirmed: it names it (coupon_issues.reservation_id), and is written by trigger with it. The same trigger stands in for a foreign key to coupon_issues.';

comment on column coupon.coupon_reservations.coupon_number is
  'The coupon''s number, so that a payment need not read the coupon; null in reservations made before the column.';

alter table coupon.coupon_issues
  add column was_held boolean,
  add column steps_written integer not null default 0;

comment on column coupon.coupon_issues.was_held is
  'true once an order has held it, else null: only then need a call look for an earlier reservation of the same order.';

comment on column coupon.coupon_issues.steps_written is
  'How many changes of it were written whole: coupon, reservation and record, by one function. A change that leaves the number as it is, is judged by a trigger, which writes the rest.';

-- Every reservation made so far counts as a hold. Only free coupons are asked: all others learn it when they become free.
drop trigger if exists trigger_update_coupon_issues on coupon.coupon_issues;  -- made again with its text of now

update coupon.coupon_issues as i
set was_held = true
where i.status = 'ISSUED'
  and exists (select from coupon.coupon_reservations as r where r.coupon_id = i.id);

create table coupon.release_progress (
  only_row    boolean not null default true,
  released_to timestamptz not null default '-infinity',
  swept_to    timestamptz not null default '-infinity',
  constraint release_progress_pkey primary key (only_row),
  constraint release_progress_only_row_check check (only_row)
);

comment on table coupon.release_progress is
  'How far coupon.expire_reservations has come, as coupon.expiry_progress says of coupons; apart from it, so that neither sweep waits for the other.';
comment on column coupon.release_progress.only_row is 'Always true: there is one row.';
comment on column coupon.release_progress.released_to is 'Reservations with an earlier expires_at are dealt with.';
comment on column coupon.release_progress.swept_to is
  'The same of those that the last sweep could see: up to an hour later, and holds that were not committed yet may have lapsed before it.';

insert into coupon.release_progress default values;

drop function if exists coupon._coupon_issues_counts();
drop function if exists coupon._coupon_reservations_limits();
drop function if exists coupon._coupon_reservations_stack();

create type coupon.held_coupon as (reservation_id varchar, coupon_id bigint, discount_amount numeric, expires_at timestamptz);

comment on type coupon.held_coupon is
  'What reserving returns. A type, because the description of out parameters is built anew from the catalog in every call.';
comment on column coupon.held_coupon.reservation_id is 'The reservation.';
comment on column coupon.held_coupon.coupon_id is 'The coupon.';
comment on column coupon.held_coupon.discount_amount is 'What the order is reduced by.';
comment on column coupon.held_coupon.expires_at is 'When the hold lapses.';

create type coupon.redeemed_coupon as (
  coupon_id bigint, coupon_number varchar, order_id varchar, discount_amount numeric, used_at timestamptz
);

comment on type coupon.redeemed_coupon is 'What confirming returns.';
comment on column coupon.redeemed_coupon.coupon_id is 'The coupon.';
comment on column coupon.redeemed_coupon.coupon_number is 'Its number.';
comment on column coupon.redeemed_coupon.order_id is 'The order that used it.';
comment on column coupon.redeemed_coupon.discount_amount is 'What the order was reduced by.';
comment on column coupon.redeemed_coupon.used_at is 'When.';

-- Made anew under the same names, with another result.
drop function if exists coupon.reserve_coupon(text, bigint, text, numeric, interval, text, jsonb);
drop function if exists coupon.confirm_reservation(text);
