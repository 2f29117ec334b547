-- A value that is there already and lasts as long is not written again.

create or replace function platform.cache_put(p_space text, p_key text, p_value jsonb, p_time_to_live interval)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if (p_time_to_live > '0') is not true then
    perform platform.fail('time_to_live_invalid', jsonb_build_object('time_to_live', p_time_to_live));
  end if;

  insert into platform.cache as c (space, key, value, expires_at)
  values (p_space, p_key, p_value, platform.now() + p_time_to_live)
  on conflict (space, key) do update
  set value = excluded.value, expires_at = excluded.expires_at
  where (c.value, c.expires_at) is distinct from (excluded.value, excluded.expires_at);
end;
$$;

comment on function platform.cache_put(text, text, jsonb, interval) is $$
Keep a value in the cache, or replace it. It is there for others when the transaction commits.
p_space: whose, schema.what, e.g. coffee.recommendations.
p_key: which one, up to 500 characters.
p_value: the value; not SQL null.
p_time_to_live: how long it counts.
Errors: MP062 time_to_live_invalid; 23502 and 23514 for a value, space or key that is none: faults of the calling routine.
Locks: the value's row: whoever puts the same key waits. Several keys in ascending order.
$$;
