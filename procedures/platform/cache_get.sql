create or replace function platform.cache_get(p_space text, p_key text)
  returns jsonb
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select c.value from platform.cache as c where c.space = p_space and c.key = p_key and c.expires_at > platform.now()
$$;

comment on function platform.cache_get(text, text) is $$
A value from the cache.
p_space: whose, schema.what.
p_key: which one.
Returns: the value; null when there is none or its time is over. JSON null is a value.
Errors: 0A000 on a standby, where unlogged tables cannot be read.
$$;
