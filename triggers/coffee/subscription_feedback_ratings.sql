-- requires: procedures/coffee/_keep_rows.sql
--
-- Sums are kept, not averages, so that any number of sessions can rate one coffee and the average is exact. A statement's ratings are
-- summed first: a coffee's row is written once, however many rate it. Rows are locked by a statement of their own: one that locks and
-- updates may find its row changed in between, and wait for those who wait for it.

create or replace function coffee._subscription_feedback_ratings()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_coffees uuid[];
  v_totals  bigint[];
  v_counts  integer[];
begin
  if tg_op = 'INSERT' then
    select array_agg(f.coffee_id), array_agg(f.total), array_agg(f.count)
    into v_coffees, v_totals, v_counts
    from (
      select n.coffee_id, sum(n.overall_rating) as total, count(*)::integer as count
      from new_rows as n
      where n.overall_rating is not null
      group by n.coffee_id
    ) as f;
  elsif tg_op = 'DELETE' then
    select array_agg(f.coffee_id), array_agg(f.total), array_agg(f.count)
    into v_coffees, v_totals, v_counts
    from (
      select o.coffee_id, -sum(o.overall_rating) as total, -count(*)::integer as count
      from old_rows as o
      where o.overall_rating is not null
      group by o.coffee_id
    ) as f;
  else
    select array_agg(f.coffee_id), array_agg(f.total), array_agg(f.count)
    into v_coffees, v_totals, v_counts
    from (
      select c.coffee_id, sum(c.rating) as total, sum(c.count)::integer as count
      from (
        select n.coffee_id, n.overall_rating as rating, 1 as count from new_rows as n where n.overall_rating is not null
        union all
        select o.coffee_id, -o.overall_rating, -1 from old_rows as o where o.overall_rating is not null
      ) as c
      group by c.coffee_id
      having (sum(c.rating), sum(c.count)) <> (0, 0)
    ) as f;
  end if;

  if cardinality(v_coffees) > 1 then
    perform from coffee.coffees as c where c.id = any (v_coffees) order by c.id for no key update;
  end if;
  update coffee.coffees as c
  set rating_total = c.rating_total + u.total, total_reviews = c.total_reviews + u.count
  from unnest(v_coffees, v_totals, v_counts) as u (coffee_id, total, count)
  where c.id = u.coffee_id;
  return null;
end;
$$;

comment on function coffee._subscription_feedback_ratings() is $$
Trigger function: the ratings of coffees follow the feedback, and those of roasters follow them.
Returns: null (after trigger).
Locks: the rows of coffees whose ratings change, then of their roasters, by ascending id.
$$;

create or replace trigger subscription_feedback_ratings_insert
  after insert on coffee.subscription_feedback
  referencing new table as new_rows
  for each statement
  execute function coffee._subscription_feedback_ratings();

create or replace trigger subscription_feedback_ratings_update
  after update on coffee.subscription_feedback
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function coffee._subscription_feedback_ratings();

create or replace trigger subscription_feedback_ratings_delete
  after delete on coffee.subscription_feedback
  referencing old table as old_rows
  for each statement
  execute function coffee._subscription_feedback_ratings();

create or replace trigger subscription_feedback_ratings_truncate
  before truncate on coffee.subscription_feedback
  for each statement
  execute function coffee._keep_rows();
