-- depends: 0004.coupon_reservations

create sequence coupon.coupon_issue_audit_id_seq as bigint maxvalue 1099511627775 cache 32 cycle;

comment on sequence coupon.coupon_issue_audit_id_seq is 'Lower 40 bits of audit ids; the month stands above them.';

create table coupon.coupon_issue_audit (
  id         bigint not null,
  coupon_id  bigint not null,
  user_id    bigint not null,
  action     varchar(50) not null,
  details    jsonb not null,
  client_ip  varchar(45),
  user_agent varchar(255),
  created_at timestamptz not null default now(),
  constraint coupon_issue_audit_pkey primary key (coupon_id, id)
) partition by range (id);

alter sequence coupon.coupon_issue_audit_id_seq owned by coupon.coupon_issue_audit.id;

comment on table coupon.coupon_issue_audit is
  'What happened to each coupon, written by triggers; one partition a month. Found by coupon; a user''s history goes through the user''s coupons.';
comment on column coupon.coupon_issue_audit.id is 'Unique, time-ordered: (months since January 2000) << 40 | sequence. The key starts with coupon_id, which spares a second index.';
comment on column coupon.coupon_issue_audit.coupon_id is 'The coupon. No foreign key: the record outlives what it speaks of.';
comment on column coupon.coupon_issue_audit.user_id is 'Its holder at the time.';
comment on column coupon.coupon_issue_audit.action is 'ISSUED, STATUS_CHANGED, TRANSFERRED or DELETED.';
comment on column coupon.coupon_issue_audit.details is 'ISSUED: policy, number, expiry. STATUS_CHANGED and TRANSFERRED: old_status and new_status, old_user_id and new_user_id, as far as they differ, order_id, reservation_id. DELETED: the row.';
comment on column coupon.coupon_issue_audit.client_ip is 'Address that the application stated (platform.set_actor).';
comment on column coupon.coupon_issue_audit.user_agent is 'User agent that the application stated.';
comment on column coupon.coupon_issue_audit.created_at is 'When it happened.';

create table coupon.daily_statistics (
  id              bigint generated always as identity,
  date            date not null,
  total_issued    integer not null default 0,
  total_used      integer not null default 0,
  total_reserved  integer not null default 0,
  total_expired   integer not null default 0,
  total_cancelled integer not null default 0,
  issue_by_hour   jsonb not null default '{}',
  usage_by_hour   jsonb not null default '{}',
  top_policies    jsonb not null default '[]',
  calculated_at   timestamptz not null,
  created_at      timestamptz not null default now(),
  constraint daily_statistics_pkey primary key (id),
  constraint daily_statistics_date_key unique (date)
);

comment on table coupon.daily_statistics is 'What happened on each day, as days are counted where the shop is (Asia/Seoul unless the call says otherwise).';
comment on column coupon.daily_statistics.id is 'Key.';
comment on column coupon.daily_statistics.date is 'The local day.';
comment on column coupon.daily_statistics.total_issued is 'Coupons issued that day.';
comment on column coupon.daily_statistics.total_used is 'Coupons redeemed that day.';
comment on column coupon.daily_statistics.total_reserved is 'Reservations made that day.';
comment on column coupon.daily_statistics.total_expired is 'Coupons that expired that day.';
comment on column coupon.daily_statistics.total_cancelled is 'Coupons cancelled that day.';
comment on column coupon.daily_statistics.issue_by_hour is 'Coupons issued by local hour: {"0": n, …, "23": n}; hours without any are left out.';
comment on column coupon.daily_statistics.usage_by_hour is 'Coupons redeemed by local hour, as issue_by_hour.';
comment on column coupon.daily_statistics.top_policies is 'The ten policies with the most coupons issued that day: [{"policy_id", "coupon_name", "issued"}, …].';
comment on column coupon.daily_statistics.calculated_at is 'When the row was computed.';
comment on column coupon.daily_statistics.created_at is 'When the row was made.';
