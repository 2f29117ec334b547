-- What a guess leaves unsaid follows from the coffee that was guessed, so that a wrong coffee of the right roaster is worth as much as
-- the roaster alone. A part that nobody knows of the coffee itself is not asked for: the others weigh more.

create or replace function coffee._score_guess(p_coffee_id uuid, p_guess jsonb)
  returns numeric
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when (p_guess ->> 'coffee_id')::uuid = c.id then 100
    else round(
      80.0 * coalesce(sum(p.weight) filter (where lower(p.guessed) = lower(p.actual)), 0)
        / sum(p.weight) filter (where p.actual is not null),
      2
    )
  end
  from coffee.coffees as c
  left join coffee.coffees as g on g.id = (p_guess ->> 'coffee_id')::uuid
  cross join lateral (
    values
      (30, c.roaster_id::text, coalesce(p_guess ->> 'roaster_id', g.roaster_id::text)),
      (30, c.origin_country, coalesce(p_guess ->> 'origin_country', g.origin_country)),
      (20, c.processing_method, coalesce(p_guess ->> 'processing_method', g.processing_method))
  ) as p (weight, actual, guessed)
  where c.id = p_coffee_id
  group by c.id
$$;

comment on function coffee._score_guess(uuid, jsonb) is $$
How good a guess is.
p_coffee_id: what it was.
p_guess: what was guessed: coffee_id, roaster_id, origin_country, processing_method, those that were stated. Case does not matter.
Returns: 100 for the coffee; else up to 80 for its roaster (30), country (30) and process (20), in proportion when the coffee has no
process, and 0 when nothing was right.
$$;
