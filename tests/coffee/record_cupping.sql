begin;
select plan(39);

select has_function('coffee', 'record_cupping', array['uuid', 'uuid', 'jsonb', 'jsonb', 'integer', 'text', 'text']);
select function_returns('coffee', 'record_cupping', array['uuid', 'uuid', 'jsonb', 'jsonb', 'integer', 'text', 'text'], 'setof record');
select volatility_is('coffee', 'record_cupping', array['uuid', 'uuid', 'jsonb', 'jsonb', 'integer', 'text', 'text'], 'volatile');
select is_definer('coffee', 'record_cupping', array['uuid', 'uuid', 'jsonb', 'jsonb', 'integer', 'text', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.record_cupping(uuid, uuid, jsonb, jsonb, integer, text, text)', 'execute'), 'applications may call it');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values
  ('00000000-0000-0000-0000-0000000000a1', 'Roaster'),
  ('00000000-0000-0000-0000-0000000000a2', 'Another');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'One', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Two', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c3', 'Three', '00000000-0000-0000-0000-0000000000a2', 'Peru', true, 18000);
insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-000000000001', 'a@example.com'),
  ('00000000-0000-0000-0000-000000000002', 'b@example.com');

insert into coffee.flavors (code, name, name_ko, path) values
  ('test_a', 'A', '가', '{}'), ('test_b', 'B', '나', '{}'), ('test_c', 'C', '다', '{}'), ('test_d', 'D', '라', '{}'), ('test_e', 'E', '마', '{}'), ('test_f', 'F', '바', '{}');
create function pg_temp.cup(p_scores jsonb, p_description jsonb default null, p_cups integer default 5) returns numeric language sql as $$
  select r.final_score
  from coffee.record_cupping(
    '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1',
    '{
      "fragrance": 8, "flavor": 8, "aftertaste": 7.75, "acidity": 8.25, "body": 7.5, "balance": 7.75, "overall": 8,
      "uniform_cups": 5, "clean_cups": 5, "sweet_cups": 5
    }'::jsonb || $1,
    $2, $3
  ) as r
$$;
select is(pg_temp.cup('{}'), 85.25, 'seven attributes and three times ten points');
select is(pg_temp.cup('{"sweet_cups": 4}'), 83.25, 'two points for a cup');
select is(pg_temp.cup('{"taint_cups": 2}'), 81.25, 'two off for a tainted cup');
select is(pg_temp.cup('{"taint_cups": 1, "fault_cups": 1}'), 79.25, 'four for one with a fault');
select is(pg_temp.cup('{"uniform_cups": 3, "clean_cups": 3, "sweet_cups": 2}', null, 3), 81.92, 'with three cups a cup is a third');
select throws_ok($$select pg_temp.cup('{"body": 7.6}')$$, 'MF101', null, 'quarters');
select throws_ok($$select pg_temp.cup('{"body": 5.75}')$$, 'MF101', null, 'six at least');
select throws_ok($$select pg_temp.cup('{"body": 10.25}')$$, 'MF101', null, 'ten at most');
select throws_ok($$select pg_temp.cup('{"body": null}')$$, 'MF101', null, 'all or none');
select throws_ok($$select pg_temp.cup('{"body": "x"}')$$, 'MF101', null, 'numbers');
select throws_ok($$select pg_temp.cup('{"clean_cups": 6}')$$, 'MF101', null, 'more cups than there are');
select throws_ok($$select pg_temp.cup('{"taint_cups": 3, "fault_cups": 3}')$$, 'MF101', null, 'a cup has one defect');
select throws_ok($$select pg_temp.cup('{}', null, 6)$$, 'MF101', null, 'six cups');
select throws_ok($$select pg_temp.cup('{"mood": 6}')$$, 'MF002', null, 'no such attribute');

create temporary table c as
select r.*
from coffee.record_cupping(
  '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null,
  '{"flavor": {"intensity": 9, "descriptors": ["test_c", "test_a"], "main_tastes": ["sweet", "sour"]}, "acidity": {"intensity": 0}}',
  p_request_key => 'k'
) as r;
select is((select c.final_score from c), null, 'described only: no score');
select results_eq(
  $$
    select s.section, s.intensity::integer, s.main_tastes, array(
      select f.code from coffee.cupping_descriptors as d join coffee.flavors as f on f.id = d.flavor_id
      where (d.cupping_id, d.section) = (s.cupping_id, s.section) order by d.place
    )
    from coffee.cupping_sections as s join c on c.cupping_id = s.cupping_id order by s.section
  $$,
  $$values ('acidity', 0, '{}'::text[], '{}'::text[]), ('flavor', 9, '{sweet,sour}', '{test_c,test_a}')$$, 'in sections'
);
select is(
  (
    select r.cupping_id
    from coffee.record_cupping(
      '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null,
      '{"flavor": {"intensity": 9, "descriptors": ["test_c", "test_a"], "main_tastes": ["sweet", "sour"]}, "acidity": {"intensity": 0}}',
      p_request_key => 'k'
    ) as r
  ),
  (select c.cupping_id from c), 'the same request again'
);
create function pg_temp.describe(p_section text) returns void language sql as $$
  select coffee.record_cupping('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null, jsonb_build_object('flavor', $1::jsonb))
$$;
select throws_ok($$select pg_temp.describe('{"intensity": 16}')$$, 'MF101', null, 'fifteen at most');
select throws_ok($$select pg_temp.describe('{}')$$, 'MF101', null, 'how strong must be said');
select throws_ok($$select pg_temp.describe('{"intensity": 1, "main_tastes": ["sour", "sweet", "salty"]}')$$, 'MF101', null, 'two main tastes');
select throws_ok($$select pg_temp.describe('{"intensity": 1, "main_tastes": ["sour", "sour"]}')$$, 'MF101', null, 'one of them twice');
select throws_ok($$select pg_temp.describe('{"intensity": 1, "descriptor": ["test_a"]}')$$, 'MF002', 'p_description descriptor is not accepted: a section has no such part', 'a part that no section has, or what was said would be lost');
select throws_ok($$select pg_temp.describe('{"intensity": 1, "main_tastes": ["hot"]}')$$, 'MF101', null, 'no such taste');
select throws_ok(
  $$select pg_temp.describe('{"intensity": 1, "descriptors": ["test_a", "test_b", "test_c", "test_d", "test_e", "test_f"]}')$$, 'MF101', null,
  'five descriptors'
);
select throws_ok($$select pg_temp.describe('{"intensity": 1, "descriptors": ["test_a", "test_a"]}')$$, 'MF101', null, 'one twice');
select throws_ok($$select pg_temp.describe('{"intensity": 1, "descriptors": ["none"]}')$$, 'MF102', null, 'no such flavour');
select throws_ok($$select coffee.record_cupping('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null, '{"smell": {"intensity": 1}}')$$, 'MF101', null, 'no such section');
select throws_ok($$select coffee.record_cupping('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null, '[]')$$, 'MF002', null, 'no object');
select throws_ok($$select coffee.record_cupping('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', '[]')$$, 'MF002', null, 'no object either');
select throws_ok($$select coffee.record_cupping('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1')$$, 'MF001', null, 'nothing said');
select throws_ok($$select coffee.record_cupping('00000000-0000-0000-0000-000000000001', gen_random_uuid(), null, '{}')$$, 'MF004', null, 'no such coffee');
select throws_ok($$select coffee.record_cupping(gen_random_uuid(), '00000000-0000-0000-0000-0000000000c1', null, '{}')$$, 'MF140', null, 'nobody');
select throws_ok($$select coffee.record_cupping('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null, '{}', p_request_key => 'k')$$, 'MP052', null, 'another request');
select throws_ok($$select coffee.record_cupping('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null, '{}', p_request_key => '')$$, 'MP051', null, 'an empty key');

select * from finish();
rollback;
