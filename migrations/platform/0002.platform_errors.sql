-- depends: 0001.platform_schema

create table platform.error_codes (
  sqlstate    text not null,
  name        text not null,
  schema_name text not null,
  message     text not null,
  hint        text not null,
  constraint error_codes_pkey primary key (sqlstate),
  constraint error_codes_name_key unique (name),
  constraint error_codes_sqlstate_check check (sqlstate ~ '^M[PCFWMUTYO][0-9]{3}$'),
  constraint error_codes_name_check check (name ~ '^[a-z][a-z0-9_]*$')
);

create index error_codes_schema_name_idx on platform.error_codes (schema_name);

comment on table platform.error_codes is
  'Every error that an API function raises: one SQLSTATE per condition. Filled from sql/<schema>/errors.sql; raised by platform.fail.';
comment on column platform.error_codes.sqlstate is
  'What a program branches on: M, a letter for the system (P platform, C coupon, F coffee, W wellness, M marketing, U accounts, T fortune, Y community, O commerce), three digits.';
comment on column platform.error_codes.name is 'The condition in words, repeated as "code" in the error''s JSON detail.';
comment on column platform.error_codes.schema_name is 'The schema whose functions raise it.';
comment on column platform.error_codes.message is
  'What went wrong, for people. {key} is replaced by the value of that key in the detail.';
comment on column platform.error_codes.hint is 'What to do about it; {key} as in message.';
