-- All that may go into the box; who reserves takes from the top. Each roaster's best comes before any roaster's second.
-- Whoever knows the ranking would know what a blind box holds, so that is drawn: the better, the likelier. Not by random(), whose seed
-- the session of an application sets. What a blind box still hides counts as had for blind boxes of the same subscription alone: any
-- other that leaves it out would tell.
-- Volatile, because the search among taste records sets how it is done; PL/pgSQL, because that keeps its plan from box to box.

create or replace function coffee._pick_coffees(
  p_user_id uuid,
  p_unit text,
  p_month date,
  p_at timestamptz,
  p_no_repeat_months integer,
  p_excluded uuid[],
  p_blind_subscription_id uuid default null,
  p_drawn_from integer default 0
)
  returns table (coffee_id uuid, unit_price numeric, place bigint)
  language plpgsql
  rows 100
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  with fitting as (
    select
      i.coffee_id,
      i.unit_price,
      i.roaster_id,
      row_number() over (order by k.score desc, k.coffee_id) as place,
      row_number() over (partition by i.roaster_id order by k.score desc, k.coffee_id) as place_of_roaster
    from coffee.coffee_inventory as i
    join coffee._rank_coffees(p_user_id, p_at) as k on k.coffee_id = i.coffee_id
    join coffee.coffees as c on c.id = i.coffee_id
    join coffee.roasters as r on r.id = i.roaster_id
    left join coffee.roaster_quotas as q on q.roaster_id = i.roaster_id and q.month = p_month
    where i.unit = p_unit
      and i.is_available
      and i.current_stock > i.reserved_stock
      and c.available_for_subscription
      and c.subscription_units ? p_unit
      and coalesce(q.used, 0) < coalesce(case when q.roaster_id is null then r.monthly_quota else q.maximum end, 2147483647)
      and i.coffee_id <> all (p_excluded)
      and not exists (
        select
        from coffee.subscription_orders as o
        join coffee.order_items as b on b.order_id = o.id
        where o.user_id = p_user_id
          and b.coffee_id = i.coffee_id
          and o.status <> 'cancelled'
          and p_no_repeat_months > 0
          and o.order_month between p_month - make_interval(months => p_no_repeat_months)
            and p_month + make_interval(months => p_no_repeat_months)
          and (o.subscription_id = p_blind_subscription_id or not coffee._is_hidden(o.id, b.coffee_id))
      )
  ), placed as (
    select f.*, row_number() over (order by f.place_of_roaster, f.place) as place_of_all
    from fitting as f
  ), drawn as materialized (
    select
      p.*,
      case when p.place_of_all <= p_drawn_from then
        -ln((('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint + 1) / 4294967297.0::double precision)
          / (p_drawn_from + 1 - p.place_of_all)
      end as lot
    from placed as p
  )
  select d.coffee_id, d.unit_price, row_number() over (order by d.lot is null, d.place_of_draw, d.lot, d.place_of_all)
  from (
    select n.*, case when n.lot is not null then row_number() over (partition by n.roaster_id order by n.lot) end as place_of_draw
    from drawn as n
  ) as d
  order by 3;
end;
$$;

comment on function coffee._pick_coffees(uuid, text, date, timestamptz, integer, uuid[], uuid, integer) is $$
The coffees that may go into a user's box, those first that suit best: in stock, with some of the roaster's quota left, and not in a box
of the months around.
p_user_id: whose box.
p_unit: size of the bags, 60g or 100g.
p_month: first day of the month that the box is for: of the roaster's quota and of the months that are not repeated.
p_at: when: taste is as of then.
p_no_repeat_months: for how many months before and after a coffee does not come again; 0: it may.
p_excluded: coffees that are not wanted.
p_blind_subscription_id: the subscription, if the box is a blind one: what its boxes still hide counts as had. Null: what is hidden does
not count.
p_drawn_from: how many of the best are put in an order by chance, the better the likelier to come early; 0: none.
Returns: a row for each: the coffee, the price of a bag, and its place, from 1.
$$;
