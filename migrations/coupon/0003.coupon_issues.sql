-- depends: 0002.coupon_counters
--
-- Partitioned by the id itself: ids carry their month (platform.month_id), so the primary key stays global, reservations can refer to
-- it, and a coupon number decodes to its partition without an index. The values of status are checked in a domain, not in a table
-- constraint: a domain's check is parsed once per session, a table's once per statement (measured in docs/performance.md).
-- Indexes carry no status, so a change of status stays on its page (HOT).

create sequence coupon.coupon_issues_id_seq as bigint maxvalue 1099511627775 cache 32 cycle;

comment on sequence coupon.coupon_issues_id_seq is 'Lower 40 bits of coupon ids; the month stands above them.';

create table coupon.number_key (
  only_row boolean not null default true,
  secret   bigint not null,
  constraint number_key_pkey primary key (only_row),
  constraint number_key_only_row_check check (only_row)
);

comment on table coupon.number_key is
  'The secret that turns coupon ids into coupon numbers that cannot be guessed. Made once; changing it makes every issued number unreadable.';
comment on column coupon.number_key.only_row is 'Always true: there is one row.';
comment on column coupon.number_key.secret is '64 random bits.';

insert into coupon.number_key (secret)
select ('x' || substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 16))::bit(64)::bigint;

create domain coupon.coupon_status as varchar(20)
  constraint coupon_status_check check (value in ('ISSUED', 'RESERVED', 'USED', 'EXPIRED', 'CANCELLED'));

comment on domain coupon.coupon_status is 'ISSUED → RESERVED → USED; EXPIRED and CANCELLED end it.';

create table coupon.coupon_issues (
  id             bigint not null,
  policy_id      bigint not null,
  user_id        bigint not null,
  coupon_number  varchar(50) not null,
  status         coupon.coupon_status not null default 'ISSUED',
  issued_at      timestamptz not null default now(),
  expiry_date    timestamptz not null,
  used_at        timestamptz,
  reserved_at    timestamptz,
  order_id       varchar(50),
  reservation_id varchar(50),
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  constraint coupon_issues_pkey primary key (id),
  constraint coupon_issues_expiry_date_check check (expiry_date > issued_at)
) partition by range (id);

create index coupon_issues_user_id_idx on coupon.coupon_issues (user_id);
create index coupon_issues_expiry_date_idx on coupon.coupon_issues (expiry_date);

alter sequence coupon.coupon_issues_id_seq owned by coupon.coupon_issues.id;

comment on table coupon.coupon_issues is
  'Coupons issued: one row a coupon, one partition a month. No foreign key to the policy (see coupon_quotas).';
comment on column coupon.coupon_issues.id is 'Key: (months since January 2000) << 40 | sequence; below 2^53, so it is safe in JSON.';
comment on column coupon.coupon_issues.policy_id is 'The policy it was issued under.';
comment on column coupon.coupon_issues.user_id is 'Who holds it.';
comment on column coupon.coupon_issues.coupon_number is
  'What the user shows: the id, enciphered, with a check character. Unique because the cipher is one to one.';
comment on column coupon.coupon_issues.status is 'ISSUED, RESERVED (held by an order), USED, EXPIRED or CANCELLED.';
comment on column coupon.coupon_issues.issued_at is 'When it was issued.';
comment on column coupon.coupon_issues.expiry_date is 'First instant at which it is no longer valid.';
comment on column coupon.coupon_issues.used_at is 'When it was redeemed.';
comment on column coupon.coupon_issues.reserved_at is 'When an order took hold of it.';
comment on column coupon.coupon_issues.order_id is 'The order that holds or used it.';
comment on column coupon.coupon_issues.reservation_id is 'The reservation that holds or used it.';
comment on column coupon.coupon_issues.created_at is 'When the row was made.';
comment on column coupon.coupon_issues.updated_at is 'When the row was last changed.';
