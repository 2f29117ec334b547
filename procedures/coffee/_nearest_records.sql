-- Each partition has its own HNSW index, and the 128 nearest are merged from them. The limit is written out, or a generic plan would
-- expect a tenth of the table and sort it. What is filtered out is said as "none of these": no index knows that, so the order by
-- distance stays the plan, and the scan goes on until enough have passed (iterative scans, pgvector 0.8; relaxed, because callers do not
-- mind the order, and strict_order throws away what it finds late).
-- The candidate lists are short: every partition gives some of its own, the merge takes the best of all, and a partition that holds more
-- of them is asked again. With pgvector's 40 nearly twice as many pages are read (docs/performance.md).
-- A graph that is asked for what lies beside a dense crowd may give up early, and before 0.8 it ends with its candidate list. So
-- whenever fewer than 128 are found, all that qualify are compared: in a small table that is nothing, else it is rare. The + 0 keeps
-- the vector index out of it.
-- What a blind box hides is left out before the 128 are counted, as what the caller leaves out is: a place that it took would be free
-- when its coffee is left out, and the count of another coffee would tell.
-- The settings are put back: they would last until the transaction ends. They exist once the library is loaded, which taking the norm
-- does.

create or replace function coffee._nearest_records(
  p_vector extensions.vector, p_at timestamptz, p_not_user_id uuid default null, p_not_coffee_ids uuid[] default '{}'
)
  returns table (record_id uuid, created_at timestamptz, coffee_id uuid, subscription_order_id uuid, similarity numeric)
  language plpgsql
  set search_path = pg_catalog, extensions, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_iterative text;
  v_list      text;
  v_ids       uuid[];
  v_times     timestamptz[];
  v_coffees   uuid[];
  v_orders    uuid[];
  v_distances numeric[];
begin
  if p_vector is null or vector_norm(p_vector) = 0 then
    return;
  end if;

  v_iterative := current_setting('hnsw.iterative_scan', true);
  v_list := current_setting('hnsw.ef_search');
  if v_iterative is not null then  -- else the scan ends with its list
    perform set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '12', true);
  end if;

  select
    array_agg(n.id), array_agg(n.created_at), array_agg(n.coffee_id), array_agg(n.subscription_order_id), array_agg(n.distance::numeric)
  into v_ids, v_times, v_coffees, v_orders, v_distances
  from (
    select r.id, r.created_at, r.coffee_id, r.subscription_order_id, r.taste_vector <=> p_vector as distance
    from coffee.taste_records as r
    where r.coffee_id <> all (p_not_coffee_ids)
      and r.user_id is distinct from p_not_user_id
      and r.created_at <= p_at
      and (r.subscription_order_id is null or not coffee._is_hidden(r.subscription_order_id, r.coffee_id))
    order by r.taste_vector <=> p_vector
    limit 128
  ) as n
  where n.distance < 'NaN';

  if v_iterative is not null then
    perform set_config('hnsw.iterative_scan', v_iterative, true), set_config('hnsw.ef_search', v_list, true);
  end if;

  if cardinality(v_ids) = 128 is not true then
    select
      array_agg(n.id), array_agg(n.created_at), array_agg(n.coffee_id), array_agg(n.subscription_order_id), array_agg(n.distance::numeric)
    into v_ids, v_times, v_coffees, v_orders, v_distances
    from (
      select r.id, r.created_at, r.coffee_id, r.subscription_order_id, r.taste_vector <=> p_vector as distance
      from coffee.taste_records as r
      where r.coffee_id = any (array(select c.id from coffee.coffees as c where c.id <> all (p_not_coffee_ids)))
        and r.user_id is distinct from p_not_user_id
        and r.created_at <= p_at
        and (r.subscription_order_id is null or not coffee._is_hidden(r.subscription_order_id, r.coffee_id))
      order by (r.taste_vector <=> p_vector) + 0
      limit 128
    ) as n
    where n.distance < 'NaN';
  end if;

  return query
  select n.record_id, n.created_at, n.coffee_id, n.order_id, 1 - n.distance
  from unnest(v_ids, v_times, v_coffees, v_orders, v_distances) as n (record_id, created_at, coffee_id, order_id, distance);
end;
$$;

comment on function coffee._nearest_records(extensions.vector, timestamptz, uuid, uuid[]) is $$
The taste records that are nearest to a vector by the angle between them, up to 128. Those whose coffee a blind box still hides from its
customer are left out: who knows them would know it.
p_vector: the vector.
p_at: as of when.
p_not_user_id: whose records do not count; null: everybody's count.
p_not_coffee_ids: coffees that do not count.
Returns: records, nearly in order, with similarity: 1 the same direction, 0 a right angle, -1 the opposite. Nothing for a zero vector.
$$;
