begin;
select plan(12);

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

insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a2', 'Second');
insert into coffee.coffees (id, name, roaster_id, origin_country) values ('00000000-0000-0000-0000-0000000000c3', 'Third', '00000000-0000-0000-0000-0000000000a2', 'Peru');
prepare ratings as
select c.name::text, c.total_reviews, c.average_rating from coffee.coffees as c union all select r.name, r.total_reviews, r.average_rating from coffee.roasters as r order by 1;

select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_ratings_insert', 'coffee', '_subscription_feedback_ratings', 'on insert');
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_ratings_update', 'coffee', '_subscription_feedback_ratings', 'on update');
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_ratings_delete', 'coffee', '_subscription_feedback_ratings', 'on delete');
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_ratings_truncate', 'coffee', '_keep_rows', 'on truncate');

select pg_temp.rate('00000000-0000-0000-0000-0000000000c1', null);
select results_eq('ratings', $$values ('Coffee', 0, null::numeric), ('Other', 0, null), ('Roaster', 0, null), ('Second', 0, null), ('Third', 0, null)$$, 'feedback without a rating rates nothing');
select pg_temp.rate('00000000-0000-0000-0000-0000000000c1', 5), pg_temp.rate('00000000-0000-0000-0000-0000000000c1', 4), pg_temp.rate('00000000-0000-0000-0000-0000000000c1', 4), pg_temp.rate('00000000-0000-0000-0000-0000000000c2', 1), pg_temp.rate('00000000-0000-0000-0000-0000000000c3', 3);
select results_eq('ratings', $$values ('Coffee', 3, 4.33), ('Other', 1, 1.00), ('Roaster', 4, 3.50), ('Second', 1, 3.00), ('Third', 1, 3.00)$$, 'three and one, and those of their roasters');

update coffee.subscription_feedback set overall_rating = 5 where coffee_id = '00000000-0000-0000-0000-0000000000c1';
select results_eq('ratings', $$values ('Coffee', 4, 5.00), ('Other', 1, 1.00), ('Roaster', 5, 4.20), ('Second', 1, 3.00), ('Third', 1, 3.00)$$, 'rated anew, one for the first time');
update coffee.subscription_feedback set overall_rating = null where coffee_id = '00000000-0000-0000-0000-0000000000c2';
update coffee.subscription_feedback set coffee_id = '00000000-0000-0000-0000-0000000000c2' where coffee_id = '00000000-0000-0000-0000-0000000000c3';
select results_eq('ratings', $$values ('Coffee', 4, 5.00), ('Other', 1, 3.00), ('Roaster', 5, 4.60), ('Second', 0, null), ('Third', 0, null)$$, 'a rating taken back, another given to another coffee');
update coffee.coffees set roaster_id = '00000000-0000-0000-0000-0000000000a2' where id = '00000000-0000-0000-0000-0000000000c2';
select results_eq('ratings', $$values ('Coffee', 4, 5.00), ('Other', 1, 3.00), ('Roaster', 4, 5.00), ('Second', 1, 3.00), ('Third', 0, null)$$, 'a coffee takes its ratings to another roaster');
delete from coffee.subscription_feedback where coffee_id = '00000000-0000-0000-0000-0000000000c1';
select results_eq('ratings', $$values ('Coffee', 0, null), ('Other', 1, 3.00), ('Roaster', 0, null), ('Second', 1, 3.00), ('Third', 0, null)$$, 'feedback that is gone');
select is_empty('select * from platform.check_invariants(''coffee'') as c where c.violations > 0 and c.invariant = ''coffee.ratings_match_feedback''', 'the invariant holds');
select throws_ok('truncate coffee.subscription_feedback', 'MF003', null, 'not all at once');

select * from finish();
rollback;
