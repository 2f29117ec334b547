create or replace function platform.cache_delete(p_space text, p_key text default null)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with deleted as (
    delete from platform.cache as c
    where c.space = p_space and (p_key is null or c.key = p_key)
    returning c.key
  )
  select count(*) from deleted
$$;

comment on function platform.cache_delete(text, text) is $$
Take a value out of the cache, or all of a space.
p_space: whose.
p_key: which one; null: all.
Returns: how many there were.
Locks: the rows; of a whole space in no order, so call it last.
$$;
