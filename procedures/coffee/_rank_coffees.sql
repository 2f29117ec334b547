create or replace function coffee._rank_coffees(p_user_id uuid, p_at timestamptz)
  returns table (coffee_id uuid, score integer)
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select s.coffee_id, s.score
  from coffee._score_coffees(p_user_id, p_at, '{}') as s
  order by s.score desc, s.coffee_id
$$;

comment on function coffee._rank_coffees(uuid, timestamptz) is $$
Every coffee that boxes may hold, the one that suits a user best first. Stock, and what the user has had, is for the caller to see to.
p_user_id: the user.
p_at: as of when.
Returns: coffees with their score in millionths.
$$;
