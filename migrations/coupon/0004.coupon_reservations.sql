-- depends: 0003.coupon_issues

create table coupon.coupon_reservations (
  reservation_id   varchar(50) not null,
  coupon_id        bigint not null,
  user_id          bigint not null,
  order_id         varchar(50) not null,
  order_amount     numeric(15, 2) not null,
  discount_amount  numeric(15, 2) not null,
  reserved_at      timestamptz not null default now(),
  expires_at       timestamptz not null,
  status           varchar(20) not null default 'PENDING',
  cancelled_reason varchar(255),
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  constraint coupon_reservations_pkey primary key (reservation_id),
  constraint coupon_reservations_coupon_id_fkey foreign key (coupon_id) references coupon.coupon_issues (id),
  constraint coupon_reservations_status_check check (status in ('PENDING', 'CONFIRMED', 'CANCELLED', 'EXPIRED')),
  constraint coupon_reservations_amounts_check check (discount_amount between 0 and order_amount),
  constraint coupon_reservations_expires_check check (expires_at > reserved_at)
) with (fillfactor = 80);

create index coupon_reservations_coupon_id_idx on coupon.coupon_reservations (coupon_id);
create index coupon_reservations_user_id_idx on coupon.coupon_reservations (user_id);
create index coupon_reservations_order_id_idx on coupon.coupon_reservations (order_id);
create unique index coupon_reservations_one_open_key on coupon.coupon_reservations (coupon_id) where status in ('PENDING', 'CONFIRMED');
create index coupon_reservations_expires_at_idx on coupon.coupon_reservations (expires_at) where status = 'PENDING';

comment on table coupon.coupon_reservations is
  'An order''s hold on a coupon, from checkout to payment. A coupon has at most one that is pending or confirmed.';
comment on column coupon.coupon_reservations.reservation_id is 'Key.';
comment on column coupon.coupon_reservations.coupon_id is 'The coupon held.';
comment on column coupon.coupon_reservations.user_id is 'Who holds the coupon.';
comment on column coupon.coupon_reservations.order_id is 'The order, in the shop''s own numbering.';
comment on column coupon.coupon_reservations.order_amount is 'Order total before the discount.';
comment on column coupon.coupon_reservations.discount_amount is 'Discount granted; never more than order_amount.';
comment on column coupon.coupon_reservations.reserved_at is 'When the hold began.';
comment on column coupon.coupon_reservations.expires_at is 'When a hold that is still pending lapses.';
comment on column coupon.coupon_reservations.status is 'PENDING, then CONFIRMED, CANCELLED or EXPIRED.';
comment on column coupon.coupon_reservations.cancelled_reason is 'Why it was cancelled.';
comment on column coupon.coupon_reservations.created_at is 'When the row was made.';
comment on column coupon.coupon_reservations.updated_at is 'When the row was last changed.';
