-- requires: procedures/coffee/_keep_rows.sql
--
-- What a roaster's coffees are rated follows from the coffees themselves, whichever way they got it. Ratings of coffees are written by the
-- trigger on subscription_feedback (depth 1 and more), and by nobody else.

create or replace function coffee._coffees_ratings()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_roasters uuid[];
  v_totals   bigint[];
  v_counts   integer[];
begin
  select array_agg(c.roaster_id), array_agg(c.total), array_agg(c.count)
  into v_roasters, v_totals, v_counts
  from (
    select r.roaster_id, sum(r.rating_total)::bigint as total, sum(r.total_reviews)::integer as count
    from (
      select n.roaster_id, n.rating_total, n.total_reviews from new_rows as n
      union all
      select o.roaster_id, -o.rating_total, -o.total_reviews from old_rows as o
    ) as r
    group by r.roaster_id
    having (sum(r.rating_total), sum(r.total_reviews)) <> (0, 0)
  ) as c;

  if cardinality(v_roasters) > 1 then
    perform from coffee.roasters as r where r.id = any (v_roasters) order by r.id for no key update;
  end if;
  update coffee.roasters as r
  set rating_total = r.rating_total + u.total, total_reviews = r.total_reviews + u.count
  from unnest(v_roasters, v_totals, v_counts) as u (roaster_id, total, count)
  where r.id = u.roaster_id;
  return null;
end;
$$;

comment on function coffee._coffees_ratings() is $$
Trigger function: the ratings of roasters follow those of their coffees.
Returns: null (after trigger).
Locks: the rows of roasters whose ratings change, by ascending id.
$$;

create or replace trigger coffees_ratings
  after update on coffee.coffees
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function coffee._coffees_ratings();

create or replace trigger coffees_ratings_keep_insert
  before insert on coffee.coffees
  for each row
  when (new.rating_total <> 0 or new.total_reviews <> 0)
  execute function coffee._keep_rows();

create or replace trigger coffees_ratings_keep_update
  before update on coffee.coffees
  for each row
  when (pg_trigger_depth() = 0 and (old.rating_total, old.total_reviews) <> (new.rating_total, new.total_reviews))
  execute function coffee._keep_rows();
