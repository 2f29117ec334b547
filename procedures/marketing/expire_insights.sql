create or replace function marketing.expire_insights(p_limit integer default 10000)
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  with expired as (
    update marketing.insights as i
    set closed_at = platform.now()
    where i.id in (
      select o.id
      from marketing.insights as o
      where o.closed_at is null and o.expires_at <= platform.now()
      order by o.expires_at
      limit greatest(p_limit, 0)
      for no key update skip locked
    )
    returning i.id
  )
  select count(*) from expired
$$;

comment on function marketing.expire_insights(integer) is $$
Close insights that have expired; the job marketing.expire_insights calls it until there are none. If what one says holds again it is told
anew, whether or not this has run.
p_limit: how many to close at most in this call.
Returns: how many were closed.
Locks: the rows of the insights; those that are in use are passed over.
$$;
