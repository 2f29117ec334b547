begin;
select plan(5);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'roasters', 'roasters_ratings_keep_insert', 'coffee', '_keep_rows', 'on insert');
select trigger_is('coffee', 'roasters', 'roasters_ratings_keep_update', 'coffee', '_keep_rows', 'on update');

select throws_ok('update coffee.roasters set rating_total = 10, total_reviews = 2', 'MF003', 'update on coffee.roasters is refused', 'nobody writes them');
select throws_ok('update coffee.roasters set average_rating = 5', '428C9', null, 'nor the average');
select throws_ok(
  $$insert into coffee.roasters (name, rating_total, total_reviews) values ('A', 5, 1)$$, 'MF003', 'insert on coffee.roasters is refused', 'not from the first either'
);

select * from finish();
rollback;
