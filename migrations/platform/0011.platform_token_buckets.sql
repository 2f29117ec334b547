-- depends: 0002.platform_errors
--
-- Unlogged: a limit is touched by every call and worth nothing after a crash, when all buckets are full again. One instant says all that
-- there is to know of a bucket, so taking from it is one update that stays on its page; an index on it would end that.

create unlogged table platform.token_buckets (
  bucket     text not null,
  bucket_key text not null,
  full_at    timestamptz not null,
  constraint token_buckets_pkey primary key (bucket, bucket_key)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

comment on table platform.token_buckets is
  'Who has called what how often, for platform.take_tokens. A bucket that is not here is full. Empty after a crash.';
comment on column platform.token_buckets.bucket is 'What is limited, e.g. coupon.guess_code.';
comment on column platform.token_buckets.bucket_key is 'Whom it is limited for, e.g. a user or an address.';
comment on column platform.token_buckets.full_at is 'When the bucket will be full again; the longer until then, the fewer tokens are in it.';
