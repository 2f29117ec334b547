begin;
select plan(7);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

alter table coffee.subscription_feedback drop constraint subscription_feedback_order_id_fkey, drop constraint subscription_feedback_user_id_fkey,
  disable trigger subscription_feedback_box, disable trigger subscription_feedback_keep;
create function pg_temp.rate(uuid, integer) returns uuid language sql as $$
  insert into coffee.subscription_feedback (user_id, order_id, coffee_id, overall_rating)
  values (gen_random_uuid(), gen_random_uuid(), $1, $2)
  returning id
$$;

select trigger_is('coffee', 'coffees', 'coffees_ratings', 'coffee', '_coffees_ratings');
select trigger_is('coffee', 'coffees', 'coffees_ratings_keep_insert', 'coffee', '_keep_rows', 'on insert');
select trigger_is('coffee', 'coffees', 'coffees_ratings_keep_update', 'coffee', '_keep_rows', 'on update');

select pg_temp.rate('00000000-0000-0000-0000-0000000000c1', 5), pg_temp.rate('00000000-0000-0000-0000-0000000000c2', 2);
select results_eq('select r.total_reviews, r.rating_total from coffee.roasters as r', 'values (2, 7::bigint)', 'a roaster has the ratings of its coffees');
select throws_ok('update coffee.coffees set rating_total = 10, total_reviews = 2', 'MF003', 'update on coffee.coffees is refused', 'nobody writes them');
select throws_ok('update coffee.coffees set average_rating = 5', '428C9', null, 'nor the average');
select throws_ok(
  $$insert into coffee.coffees (name, roaster_id, origin_country, rating_total, total_reviews) values ('A', '00000000-0000-0000-0000-0000000000a1', 'Peru', 5, 1)$$,
  'MF003', 'insert on coffee.coffees is refused', 'not from the first either'
);

select * from finish();
rollback;
