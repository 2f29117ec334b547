-- What the user had is left out, but not what a blind box still hides: that a good coffee is missing here would tell.
-- One plan for all: planning anew for each partition of the records would cost more than the search.
-- The second coffee of a roaster counts 0.85 of its score, the third 0.85 of that, and so on; of a country likewise, 0.9.
-- Only the best are looked at for that, far more than are asked for: to sort and describe the whole catalogue cost as much as the search.

create or replace function coffee.recommend(p_user_id uuid, p_k integer default 5, p_exclude_months integer default 3)
  returns table (
    place integer,
    coffee_id uuid,
    name varchar,
    roaster_id uuid,
    origin_country varchar,
    score numeric,
    explanation jsonb
  )
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_now   timestamptz := platform.now();
  v_since timestamptz;
  v_not   uuid[];
begin
  if not exists (select from coffee.users as u where u.id = p_user_id and u.deleted_at is null) then
    perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
  elsif (p_k between 1 and 100) is not true then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_k', 'value', p_k, 'problem', 'it is between 1 and 100'));
  elsif (p_exclude_months between 0 and 120) is not true then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_exclude_months', 'value', p_exclude_months, 'problem', 'it is between 0 and 120'));
  end if;

  v_since := (v_now at time zone 'UTC' - make_interval(months => p_exclude_months)) at time zone 'UTC';
  v_not := array(
    select r.coffee_id
    from coffee.taste_records as r
    where r.user_id = p_user_id
      and r.created_at > v_since
      and (r.subscription_order_id is null or not coffee._is_hidden(r.subscription_order_id, r.coffee_id))
    union
    select i.coffee_id
    from coffee.subscription_orders as o
    join coffee.order_items as i on i.order_id = o.id
    where o.user_id = p_user_id
      and o.created_at > v_since
      and o.status <> 'cancelled'
      and not coffee._is_hidden(o.id, i.coffee_id)
    union
    select c.id
    from coffee.coffees as c
    where not exists (
      select
      from coffee.coffee_inventory as i
      where i.coffee_id = c.id and i.is_available and i.current_stock > i.reserved_stock
    )
  );

  return query
  select
    (row_number() over (order by d.score desc, d.coffee_id))::integer,
    d.coffee_id, c.name, c.roaster_id, c.origin_country, round(d.score::numeric / 1000000, 4),
    jsonb_build_object(
      'because', case when d.neighbours > 0 then 'neighbours' when d.profile_match is not null then 'profile' else 'rating' end,
      'neighbours', d.neighbours,
      'similarity', round(d.similarity / 1000000.0, 4),
      'profile_match', round(d.profile_match / 1000000.0, 4),
      'average_rating', c.average_rating
    )
  from (
    select
      s.coffee_id, s.neighbours, s.similarity, s.profile_match,
      s.score
        * power(0.85, (row_number() over (partition by c.roaster_id order by s.score desc, c.id) - 1)::double precision)
        * power(0.9, (row_number() over (partition by c.origin_country collate "C" order by s.score desc, c.id) - 1)::double precision)
        as score
    from (
      select * from coffee._score_coffees(p_user_id, v_now, v_not) as a order by a.score desc, a.coffee_id limit 100 + 10 * p_k
    ) as s
    join coffee.coffees as c on c.id = s.coffee_id
    order by score desc, s.coffee_id
    limit p_k
  ) as d
  join coffee.coffees as c on c.id = d.coffee_id
  order by 1;
end;
$$;

comment on function coffee.recommend(uuid, integer, integer) is $$
Coffees for a user: those that the records nearest to the user's taste are of, in stock, not had of late, of different roasters and
countries, chosen from the 100 + 10 × p_k that suit best. Who has recorded nothing gets them by the layers in users.preferences (a
quiz, say: {"acidity": 7, …}), else by ratings.
p_user_id: the user.
p_k: how many, 1 to 100.
p_exclude_months: coffees that the user tasted or got within so many months are left out; 0: none.
Returns: p_k rows, fewer only when no more coffees qualify; best first, with a score and with why: because is neighbours, profile or
rating; neighbours is how many of the 128 records nearest to the user's taste are of the coffee, similarity their mean (1 the same),
profile_match how well the roaster's profile suits.
Errors: MF002 coffee_argument_invalid, MF140 user_not_found.
$$;
