-- depends: 0002.platform_errors
--
-- What can be computed again, kept for a while. Unlogged: a write costs no WAL, and after a crash the table is empty, which a cache may
-- always be. No index on expires_at: a value that is written anew stays on its page without one.

create unlogged table platform.cache (
  space      text not null,
  key        text not null,
  value      jsonb not null,
  expires_at timestamptz not null,
  constraint cache_pkey primary key (space, key),
  constraint cache_space_check check (space ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
  constraint cache_key_check check (length(key) <= 500)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

comment on table platform.cache is
  'Values with an end, for platform.cache_get, cache_put and cache_delete. Internal to the systems; empty after a crash, and not to be read on a standby.';
comment on column platform.cache.space is 'Whose values they are: schema.what, e.g. coffee.recommendations. Two systems never meet.';
comment on column platform.cache.key is 'Which one of them, e.g. a user''s id.';
comment on column platform.cache.value is 'The value; JSON null is one.';
comment on column platform.cache.expires_at is 'From when on it does not count.';
