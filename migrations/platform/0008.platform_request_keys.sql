-- depends: 0002.platform_errors
--
-- What makes a call that is sent twice count once. The key is claimed and answered in the caller's own transaction, so a crash in
-- between leaves neither. Pages have room for the answer, which comes after the row.

create table platform.request_keys (
  scope        text not null,
  request_key  text not null,
  request_hash bytea not null,
  response     jsonb,
  created_at   timestamptz not null default clock_timestamp(),
  constraint request_keys_pkey primary key (scope, request_key),
  constraint request_keys_request_key_check check (length(request_key) between 1 and 200),
  constraint request_keys_request_hash_check check (length(request_hash) = 32)
) with (fillfactor = 60);

create index request_keys_created_at_idx on platform.request_keys (created_at);

comment on table platform.request_keys is
  'Requests that carried a key, and what was answered, so that the same request again gets the same answer. Written by platform.claim_request and platform.complete_request; pruned after seven days.';
comment on column platform.request_keys.scope is 'What was called, e.g. coupon.issue_coupon: keys of different scopes have nothing to do with each other.';
comment on column platform.request_keys.request_key is 'The key that the caller chose, at most 200 characters.';
comment on column platform.request_keys.request_hash is 'SHA-256 of the request as jsonb text.';
comment on column platform.request_keys.response is 'What was answered; null while the transaction that claimed the key is at work.';
comment on column platform.request_keys.created_at is 'When it was claimed, by the wall clock: a moved clock (platform.now) does not move it.';
