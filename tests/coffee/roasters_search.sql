begin;
select plan(4);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select trigger_is('coffee', 'roasters', 'roasters_search', 'coffee', '_roasters_search');
prepare found as
select c.name::text from coffee.coffees as c where c.search_vector @@ platform.search_query($1) order by 1;

select results_eq($$execute found('roaster')$$, $$values ('Coffee'), ('Other')$$, 'by their roaster');
update coffee.roasters set name = '모모스';
select results_eq($$execute found('모모스')$$, $$values ('Coffee'), ('Other')$$, 'by its new name');
select is_empty($$execute found('roaster')$$, 'and no more by the old one');

select * from finish();
rollback;
