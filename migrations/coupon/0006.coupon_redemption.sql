-- depends: 0005.coupon_records
--
-- What reserving, redeeming and expiring keep beside the tables of the specification. None of it touches the issuing call: the new
-- column of coupon_issues stays null there, and no index is added to it.

alter table coupon.coupon_issues add column cancelled_reason varchar(255);

comment on column coupon.coupon_issues.cancelled_reason is 'Why it was cancelled.';

alter table coupon.coupon_reservations
  add column confirmed_at timestamptz,
  add column context      jsonb not null default '{}';

comment on column coupon.coupon_reservations.confirmed_at is
  'When the order was paid. It stays when the redemption is rolled back: a cancelled reservation that has it is never confirmed again.';
comment on column coupon.coupon_reservations.context is 'What the shop said about the order when it reserved.';

create sequence coupon.coupon_reservations_number_seq as bigint cache 32;
alter sequence coupon.coupon_reservations_number_seq owned by coupon.coupon_reservations.reservation_id;

comment on sequence coupon.coupon_reservations_number_seq is
  'The ascending half of reservation ids, so that they lie together in the index; the other half is random.';

create table coupon.expiry_progress (
  only_row   boolean not null default true,
  expired_to timestamptz not null default '-infinity',
  constraint expiry_progress_pkey primary key (only_row),
  constraint expiry_progress_only_row_check check (only_row)
);

comment on table coupon.expiry_progress is
  'How far coupon.expire_coupons has come. An index of the coupons that are still ISSUED would say the same, but every reservation would have to write it.';
comment on column coupon.expiry_progress.only_row is 'Always true: there is one row.';
comment on column coupon.expiry_progress.expired_to is 'Coupons with an earlier expiry_date are dealt with.';

insert into coupon.expiry_progress default values;
