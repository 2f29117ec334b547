-- requires: procedures/coffee/_keep_rows.sql
--
-- What a roaster's coffees are rated follows from the coffees themselves, whichever way they got it. Ratings of coffees are written by the
-- trigger on subscription_feedback (depth 1 and more), and by nobody else.

create or replace function coffee._coffees_ratings()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  with changes as (
    select c.roaster_id, sum(c.rating_total) as rating_total, sum(c.total_reviews) as total_reviews
    from (
      select n.roaster_id, n.rating_total, n.total_reviews from new_rows as n
      union all
      select o.roaster_id, -o.rating_total, -o.total_reviews from old_rows as o
    ) as c
    group by c.roaster_id
    having (sum(c.rating_total), sum(c.total_reviews)) <> (0, 0)
  ), locked as (
    select r.id from coffee.roasters as r where r.id in (select c.roaster_id from changes as c) order by r.id for no key update
  )
  update coffee.roasters as r
  set rating_total = r.rating_total + c.rating_total, total_reviews = r.total_reviews + c.total_reviews
  from changes as c
  join locked as l on l.id = c.roaster_id
  where r.id = c.roaster_id;
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
