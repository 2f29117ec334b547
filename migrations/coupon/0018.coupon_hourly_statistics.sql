-- depends: 0006.coupon_redemption
--
-- What daily_statistics adds up, by policy and local hour, with what it cost. Its key has the zone, so the same day can stand there as
-- several places count it.

create table coupon.hourly_statistics (
  time_zone       text not null,
  date            date not null,
  policy_id       bigint not null,
  hour            smallint not null,
  issued          integer not null default 0,
  reserved        integer not null default 0,
  used            integer not null default 0,
  rolled_back     integer not null default 0,
  expired         integer not null default 0,
  cancelled       integer not null default 0,
  discount_amount numeric(18, 2) not null default 0,
  refunded_amount numeric(18, 2) not null default 0,
  constraint hourly_statistics_pkey primary key (policy_id, date, time_zone, hour),
  constraint hourly_statistics_policy_id_fkey foreign key (policy_id) references coupon.coupon_policies (id),
  constraint hourly_statistics_hour_check check (hour between 0 and 23),
  constraint hourly_statistics_counts_check check (least(issued, reserved, used, rolled_back, expired, cancelled) >= 0)
);

create index hourly_statistics_date_idx on coupon.hourly_statistics (date, time_zone);

comment on table coupon.hourly_statistics is
  'What happened to the coupons of each policy in each hour of a local day; hours in which nothing happened have no row. Written by coupon.calculate_daily_statistics.';
comment on column coupon.hourly_statistics.time_zone is 'IANA name of the zone whose day and hour are meant.';
comment on column coupon.hourly_statistics.date is 'The local day.';
comment on column coupon.hourly_statistics.policy_id is 'The policy.';
comment on column coupon.hourly_statistics.hour is
  'The local hour, 0 to 23. Where clocks are put forward one is missing, where they are put back one counts twice as long.';
comment on column coupon.hourly_statistics.issued is 'Coupons issued.';
comment on column coupon.hourly_statistics.reserved is 'Holds that began.';
comment on column coupon.hourly_statistics.used is 'Redemptions.';
comment on column coupon.hourly_statistics.rolled_back is 'Redemptions taken back, whenever they were made.';
comment on column coupon.hourly_statistics.expired is 'Coupons marked as expired.';
comment on column coupon.hourly_statistics.cancelled is 'Coupons cancelled.';
comment on column coupon.hourly_statistics.discount_amount is 'What the redemptions took off their orders.';
comment on column coupon.hourly_statistics.refunded_amount is 'What the redemptions taken back had taken off.';
