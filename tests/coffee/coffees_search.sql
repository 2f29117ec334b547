begin;
select plan(16);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'coffees', 'update_coffee_search_vector_trigger', 'coffee', 'update_coffee_search_vector');
select has_function('coffee', 'update_coffee_search_vector', array[]::name[]);

insert into coffee.coffees (name, roaster_id, origin_country, origin_region, origin_farm, variety, processing_method, roaster_notes)
values ('코스타리카 Hermosa', '00000000-0000-0000-0000-0000000000a1', 'Costa Rica', 'Tarrazu', 'La Pastora', 'Caturra', 'honey', '{"notes": ["블루베리", {"sweet": "caramel"}], "score": 87}');
prepare found as
select c.name::text from coffee.coffees as c where c.search_vector @@ platform.search_query($1);
select results_eq($$execute found('hermosa')$$, $$values ('코스타리카 Hermosa')$$, 'by hermosa');
select results_eq($$execute found('스타리')$$, $$values ('코스타리카 Hermosa')$$, 'by 스타리');
select results_eq($$execute found('Costa Rica')$$, $$values ('코스타리카 Hermosa')$$, 'by Costa Rica');
select results_eq($$execute found('tarrazu')$$, $$values ('코스타리카 Hermosa')$$, 'by tarrazu');
select results_eq($$execute found('pastora')$$, $$values ('코스타리카 Hermosa')$$, 'by pastora');
select results_eq($$execute found('caturra')$$, $$values ('코스타리카 Hermosa')$$, 'by caturra');
select results_eq($$execute found('honey')$$, $$values ('코스타리카 Hermosa')$$, 'by honey');
select results_eq($$execute found('블루베리')$$, $$values ('코스타리카 Hermosa')$$, 'by 블루베리');
select results_eq($$execute found('caramel')$$, $$values ('코스타리카 Hermosa')$$, 'by caramel');
select results_eq($$execute found('roaster hermosa')$$, $$values ('코스타리카 Hermosa')$$, 'by roaster hermosa');
update coffee.coffees set name = '과테말라 Antigua', search_vector = '' where origin_country = 'Costa Rica';
select results_eq($$execute found('과테말라')$$, $$values ('과테말라 Antigua')$$, 'it follows the name');
select is_empty($$execute found('hermosa')$$, 'and forgets the old one');
update coffee.coffees set search_vector = '' where origin_country = 'Costa Rica';
select ok((select c.search_vector from coffee.coffees as c where c.origin_country = 'Costa Rica') <> '', 'nobody writes it but the trigger');
select ok(
  (
    select ts_rank(c.search_vector, platform.search_query('antigua')) > ts_rank(c.search_vector, platform.search_query('caturra'))
    from coffee.coffees as c
    where c.origin_country = 'Costa Rica'
  ), 'the name weighs more than the variety'
);

select * from finish();
rollback;
