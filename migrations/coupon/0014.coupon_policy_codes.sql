-- depends: 0006.coupon_redemption
--
-- All codes stand in one table, the coupon_code of each policy among them (a trigger on coupon_policies writes it): one unique index
-- then says that no two codes are the same, whatever their case, and whoever writes them at the same moment.
-- A code that may be used any number of times counts nothing in its row, or its users would queue for it. Claims have no foreign keys:
-- their check would lock the code's row in every call.
-- Codes are ASCII, so they are compared by "C": the same in every database, and faster.

create domain coupon.code_text as varchar(50) constraint code_text_check check (value ~ '^[0-9A-Za-z][0-9A-Za-z_-]*$');

comment on domain coupon.code_text is 'A code: letters, digits, hyphens, underscores; it begins with a letter or digit.';

create table coupon.policy_codes (
  id         bigint generated always as identity,
  policy_id  bigint not null,
  code       coupon.code_text not null,
  is_main    boolean not null default false,
  max_uses   integer,
  uses       coupon.coupon_count not null default 0,
  user_id    bigint,
  expires_at timestamptz,
  is_active  boolean not null default true,
  created_at timestamptz not null default now(),
  constraint policy_codes_pkey primary key (id),
  constraint policy_codes_policy_id_fkey foreign key (policy_id) references coupon.coupon_policies (id),
  constraint policy_codes_uses_check check (uses <= coalesce(max_uses, 0)),
  constraint policy_codes_max_uses_check check (max_uses > 0),
  constraint policy_codes_main_check check (not is_main or num_nonnulls(max_uses, user_id, expires_at) = 0)
) with (fillfactor = 90);

create unique index policy_codes_code_key on coupon.policy_codes (lower(code collate "C"));
create index policy_codes_compact_idx on coupon.policy_codes (lower(translate(code, '-', '') collate "C"));
create index policy_codes_policy_id_idx on coupon.policy_codes (policy_id, id);
create unique index policy_codes_main_key on coupon.policy_codes (policy_id) where is_main;
create index policy_codes_user_id_idx on coupon.policy_codes (user_id, id) where user_id is not null;

comment on table coupon.policy_codes is
  'Codes by which coupons are claimed: of each policy its own coupon_code, and as many others as it has, public or for one use. Codes stay for good; they are switched off by is_active.';
comment on column coupon.policy_codes.id is 'Key.';
comment on column coupon.policy_codes.policy_id is 'The policy that it gives a coupon of.';
comment on column coupon.policy_codes.code is 'The code as it is shown; unique whatever its case.';
comment on column coupon.policy_codes.is_main is 'Whether it is the coupon_code of its policy, which it then always equals.';
comment on column coupon.policy_codes.max_uses is 'How many coupons may be claimed by it; null: any number. Each use of a limited code waits for the one before it to end.';
comment on column coupon.policy_codes.uses is 'Coupons claimed by it and not cancelled; 0 where max_uses is null (they are in code_claims).';
comment on column coupon.policy_codes.user_id is 'Who alone may use it; null: anybody.';
comment on column coupon.policy_codes.expires_at is 'First instant at which it is not accepted any more; null: the policy decides.';
comment on column coupon.policy_codes.is_active is 'false: not accepted.';
comment on column coupon.policy_codes.created_at is 'When it was made.';

insert into coupon.policy_codes (policy_id, code, is_main, created_at)
select p.id, p.coupon_code, true, p.created_at
from coupon.coupon_policies as p
order by p.id;

create table coupon.code_claims (
  coupon_id   bigint not null,
  code_id     bigint not null,
  returned_at timestamptz,
  constraint code_claims_pkey primary key (coupon_id)
);

create index code_claims_code_id_idx on coupon.code_claims (code_id) where returned_at is null;

comment on table coupon.code_claims is
  'By which code a coupon was claimed. No foreign keys: their check would lock the code''s row in every call; codes are never deleted instead (trigger).';
comment on column coupon.code_claims.coupon_id is 'The coupon.';
comment on column coupon.code_claims.code_id is 'The code.';
comment on column coupon.code_claims.returned_at is 'When the coupon was cancelled, which gave the use of the code back.';

create table coupon.code_spaces (
  pattern varchar(50) not null,
  room    numeric not null,
  codes   coupon.coupon_count not null,
  constraint code_spaces_pkey primary key (pattern),
  constraint code_spaces_codes_check check (codes * 100000::numeric <= room)
);

comment on table coupon.code_spaces is
  'How many codes coupon.generate_codes has made of each pattern: never more than one in 100,000 of those that it could, or guessing would pay.';
comment on column coupon.code_spaces.pattern is 'The pattern in lower case and without hyphens, which do not matter to who claims.';
comment on column coupon.code_spaces.room is 'How many codes it has room for: 31 to the power of its random places, check character aside.';
comment on column coupon.code_spaces.codes is 'How many were made.';

create table coupon.guess_limits (
  bucket text not null,
  burst  integer not null,
  per    interval not null,
  constraint guess_limits_pkey primary key (bucket),
  constraint guess_limits_bucket_check check (bucket in ('coupon.guess_code.address', 'coupon.guess_code.user')),
  constraint guess_limits_burst_check check (burst > 0),
  constraint guess_limits_per_check check (per > interval '0')
);

comment on table coupon.guess_limits is
  'How many unknown codes a user, and an address, may try: the operator''s to change. Without its row nothing is limited.';
comment on column coupon.guess_limits.bucket is 'Whom it limits; the bucket of platform.take_tokens.';
comment on column coupon.guess_limits.burst is 'Unknown codes in a row.';
comment on column coupon.guess_limits.per is 'In what time as many may be tried again.';

insert into coupon.guess_limits (bucket, burst, per)
values ('coupon.guess_code.address', 100, '1 hour'), ('coupon.guess_code.user', 10, '1 hour');
