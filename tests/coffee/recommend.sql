begin;
select plan(21);

select has_function('coffee', 'recommend', array['uuid', 'integer', 'integer']);
select function_returns('coffee', 'recommend', array['uuid', 'integer', 'integer'], 'setof record');
select volatility_is('coffee', 'recommend', array['uuid', 'integer', 'integer'], 'volatile');
select is_definer('coffee', 'recommend', array['uuid', 'integer', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.recommend(uuid, integer, integer)', 'execute'), 'applications may call it');

set local moadb.now = '2026-11-20 12:00+00';
\ir tastes.psql
select coffee.receive_stock(c.id, '100g', 10, '2026-11-15', '2027-03-01') from coffee.coffees as c;

insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c4', 'Four', '00000000-0000-0000-0000-0000000000a2', 'Brazil', true, 18000),
  ('00000000-0000-0000-0000-0000000000c5', 'Five', '00000000-0000-0000-0000-0000000000a2', 'Brazil', false, 18000);
create function pg_temp.names(p_k integer default 5, p_months integer default 3) returns text language sql as $$
  select string_agg(r.name, ', ' order by r.place) from coffee.recommend('00000000-0000-0000-0000-000000000001', $1, $2) as r
$$;
select is(pg_temp.names(), 'One, Three, Two', 'a stranger: what there is, of different roasters first');
select is(
  (select r.explanation ->> 'because' from coffee.recommend('00000000-0000-0000-0000-000000000001', 1) as r), 'rating', 'because of nothing but ratings'
);
update coffee.coffees set flavor_profile = jsonb_build_object('acidity', case name when 'Three' then 9 else 1 end);
update coffee.users set preferences = '{"acidity": 9}' where id = '00000000-0000-0000-0000-000000000001';
select is(
  (select r.name || ' ' || (r.explanation ->> 'because') from coffee.recommend('00000000-0000-0000-0000-000000000001', 1) as r), 'Three profile', 'who has answered a quiz'
);

select pg_temp.taste(1, 1, pg_temp.at(0), '2026-11-18 00:00+00');
select pg_temp.taste(2, 2, pg_temp.at(n)), pg_temp.taste(2, 4, pg_temp.at(n)), pg_temp.taste(2, 3, pg_temp.at(70 + n)) from generate_series(1, 5) as n;
select is(pg_temp.names(), 'Two, Three', 'neighbours; not what was tasted of late, not what is not in stock');
select is(
  (
    select r.explanation - 'similarity' - 'profile_match' from coffee.recommend('00000000-0000-0000-0000-000000000001', 1) as r
  ),
  '{"because": "neighbours", "neighbours": 5, "average_rating": null}', 'why'
);
select is(pg_temp.names(1), 'Two', 'as many as asked for');
select is(pg_temp.names(5, 0), 'Two, Three, One', 'with what was tasted');
set local moadb.now = '2027-02-18 00:00:01+00';
select is(pg_temp.names(), 'Two, Three, One', 'or when that is three months ago');
set local moadb.now = '2026-11-20 12:00+00';

-- the second of a roaster has to be better by a seventh
update coffee.coffees set roaster_id = '00000000-0000-0000-0000-0000000000a1', origin_country = 'Kenya' where name = 'Four';
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c4', '100g', 10, '2026-11-15', '2027-03-01');
select pg_temp.taste(2, 3, pg_temp.at(n + 5)) from generate_series(1, 10) as n;
select matches(pg_temp.names(3), '^(Two|Four), Three, (Two|Four)$', 'different roasters and countries before the second of one');

-- T13: more neighbours than fit in a candidate list are of one coffee that the user had: still others are found
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
select '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', pg_temp.at(n / 1000.0), platform.now() from generate_series(1, 500) as n;
set local enable_seqscan = off;
set local enable_sort = off;
select is((select sum((r.explanation -> 'neighbours')::integer) from coffee.recommend('00000000-0000-0000-0000-000000000001') as r), 25::bigint, 'T13: all others are found');
select matches(pg_temp.names(3), '^(Two|Four), Three, (Two|Four)$', 'T13: filtered, and still as many');

select throws_ok('select coffee.recommend(gen_random_uuid())', 'MF140', null, 'nobody');
select throws_ok($$select coffee.recommend('00000000-0000-0000-0000-000000000001', 0)$$, 'MF002', null, 'none');
select throws_ok($$select coffee.recommend('00000000-0000-0000-0000-000000000001', null)$$, 'MF002', null, 'any number');
select throws_ok($$select coffee.recommend('00000000-0000-0000-0000-000000000001', 5, -1)$$, 'MF002', null, 'months to come');
select throws_ok($$select coffee.recommend('00000000-0000-0000-0000-000000000001', 5, 2147483647)$$, 'MF002', null, 'for ever');

select * from finish();
rollback;
