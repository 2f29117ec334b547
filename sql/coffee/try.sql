-- coffees by what they taste of, in Korean or Latin letters
select name, roaster_name, origin_country, price_100g, available_units from coffee.search_coffees('자스민', 3);

-- what to drink next, and why
select place, name, score, explanation from coffee.recommend('c0ffee00-0000-4000-8000-000000000001', 3);

-- what a subscriber was charged, and will be
select l.* from coffee.list_subscriptions('c0ffee00-0000-4000-8000-000000000001') as s
cross join lateral coffee.list_periods(s.id, 'c0ffee00-0000-4000-8000-000000000001') as l;
