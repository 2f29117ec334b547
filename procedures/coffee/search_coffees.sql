-- Planned anew for each call: a filter that is null then is no filter in the plan either, and a query uses the index of search_vector.
-- A page begins after a coffee, whose place is found again from its id: the caller carries one value and no rank.

create or replace function coffee.search_coffees(
  p_query text default null,
  p_limit integer default 20,
  p_after_id uuid default null,
  p_roaster_id uuid default null,
  p_origin_country text default null,
  p_processing_method text default null,
  p_roast_level text default null,
  p_only_available boolean default false
)
  returns table (
    coffee_id uuid,
    name text,
    roaster_id uuid,
    roaster_name text,
    origin_country text,
    origin_region text,
    variety text,
    processing_method text,
    roast_level text,
    price_60g numeric,
    price_100g numeric,
    currency text,
    average_rating numeric,
    total_reviews integer,
    available_units text[],
    rank numeric
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set plan_cache_mode = force_custom_plan
as $$
declare
  v_query   tsquery := platform.search_query(p_query);
  v_rank    numeric;
  v_created timestamptz;
begin
  if p_limit < 1 then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'
    ));
  end if;

  if p_after_id is not null then
    select coalesce(ts_rank(c.search_vector, v_query)::numeric, 0), c.created_at
    into v_rank, v_created
    from coffee.coffees as c
    where c.id = p_after_id;
    if not found then
      perform platform.fail('coffee_not_found', jsonb_build_object('coffee_id', p_after_id));
    end if;
  end if;

  return query
  select c.id, c.name::text, c.roaster_id, r.name::text, c.origin_country::text, c.origin_region::text, c.variety::text,
    c.processing_method::text, c.roast_level::text, c.subscription_price_60g, c.subscription_price_100g, c.currency,
    c.average_rating, c.total_reviews,
    array(
      select i.unit::text
      from coffee.coffee_inventory as i
      where i.coffee_id = c.id and i.is_available and i.current_stock > i.reserved_stock
      order by length(i.unit), i.unit
    ),
    s.rank
  from coffee.coffees as c
  join coffee.roasters as r on r.id = c.roaster_id
  cross join lateral (select coalesce(ts_rank(c.search_vector, v_query)::numeric, 0) as rank) as s
  where (p_query is null or c.search_vector @@ v_query)
    and (p_roaster_id is null or c.roaster_id = p_roaster_id)
    and (p_origin_country is null or lower(c.origin_country) = lower(p_origin_country))
    and (p_processing_method is null or lower(c.processing_method) = lower(p_processing_method))
    and (p_roast_level is null or lower(c.roast_level) = lower(p_roast_level))
    and (
      p_only_available is not true
      or c.available_for_subscription
      and exists (
        select from coffee.coffee_inventory as i where i.coffee_id = c.id and i.is_available and i.current_stock > i.reserved_stock
      )
    )
    and (p_after_id is null or (s.rank, c.created_at, c.id) < (v_rank, v_created, p_after_id))
  order by s.rank desc, c.created_at desc, c.id desc
  limit least(p_limit, 1000);
end;
$$;

comment on function coffee.search_coffees(text, integer, uuid, uuid, text, text, text, boolean) is $$
Coffees that a text is found in, best first, in pages: in name, country, region, farm, variety, process, roaster and what it tastes of, in
that order of weight. Korean by any two syllables in a row, Latin and digits by words.
p_query: what people typed; null: all coffees, newest first.
p_limit: rows in a page, 1,000 at most; null: as many.
p_after_id: coffee_id of the last row of the page before; null: the first page.
p_roaster_id, p_origin_country, p_processing_method, p_roast_level: only those; letters' case is no difference. Null: any.
p_only_available: only what boxes may hold and is not sold out.
Returns: one row for each coffee; currency: of its prices; available_units: sizes that are not sold out; rank: how well it fits, 0
without p_query.
Errors: MF002 coffee_argument_invalid, MF004 coffee_not_found (p_after_id).
$$;
