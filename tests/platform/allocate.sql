begin;
select plan(36);

create role tap_nobody;

select has_function('platform', 'allocate', array['numeric', 'numeric[]', 'integer'], 'it exists');
select function_returns('platform', 'allocate', array['numeric', 'numeric[]', 'integer'], 'numeric[]', 'it returns the parts');
select volatility_is('platform', 'allocate', array['numeric', 'numeric[]', 'integer'], 'immutable', 'it is immutable');
select isnt_definer('platform', 'allocate', array['numeric', 'numeric[]', 'integer'], 'it runs as its caller');
select function_privs_are('platform', 'allocate', array['numeric', 'numeric[]', 'integer'], 'tap_nobody', '{}', 'it is for routines');

select is(platform.allocate(t.total, t.weights, t.exponent)::text, t.parts, t.description)
from (
  values
    (1, 100, '{1,1,1}'::numeric[], 0, '{34,33,33}', 'the first of equals gets the coin that is left'),
    (2, 200, '{1,1,1}', 0, '{67,67,66}', 'the first two get two'),
    (3, 0.05, '{1,1}', 2, '{0.03,0.02}', 'coins are as small as the currency has them'),
    (4, 1000, '{333.3,333.3,333.4}', 0, '{333,333,334}', 'the largest remainder comes first'),
    (5, 10, '{0,3,0,1}', 0, '{0,8,0,2}', 'a weight of zero gets zero'),
    (6, 1, '{0,0.001}', 0, '{0,1}', 'whatever the others are'),
    (7, -100, '{1,1,1}', 0, '{-34,-33,-33}', 'a refund is split as the amount was'),
    (8, 0, '{1,2}', 2, '{0.00,0.00}', 'nothing is split into nothing'),
    (9, 0, '{0,0}', 0, '{0,0}', 'even between nobody'),
    (10, 0, '{}', 0, '{}', 'or without parts'),
    (11, 7, '{5}', 0, '{7}', 'one part is the whole'),
    (12, 1.234, '{1,1}', 3, '{0.617,0.617}', 'three decimals'),
    (13, 1200, '{1,1,1,1,1}', -2, '{300,300,200,200,200}', 'notes instead of coins'),
    (14, 100.00, '{1,1}', 0, '{50,50}', 'decimals that are zero do not matter'),
    (15, 12345678901234567890123456789, '{1,2}', 0, '{4115226300411522630041152263,8230452600823045260082304526}', 'large amounts are exact')
) as t (number, total, weights, exponent, parts, description)
order by t.number;

select throws_ok(
  format('select platform.allocate(%L, %L, %L)', t.total, '{1,1}', t.exponent), 'MP055',
  format('%s is not an amount with %s decimals', coalesce(t.total, 'null'), coalesce(t.exponent, 'null')), t.description
)
from (
  values
    (1, '10.5', '0', 'there is no half won'),
    (2, '-0.001', '2', 'nor a tenth of a cent'),
    (3, 'NaN', '2', 'no number is no amount'),
    (4, 'Infinity', '2', 'nor is infinity'),
    (5, null, '2', 'nor null'),
    (6, '1', null, 'the exponent is needed')
) as t (number, total, exponent, description)
order by t.number;

select throws_ok(
  format('select platform.allocate(10, %L, 0)', t.weights), 'MP056',
  format('10 cannot be split by the weights %s', coalesce(t.weights, 'null')), t.description
)
from (
  values
    (1, '{0,0}', 'somebody must get it'),
    (2, '{}', 'without parts nobody does'),
    (3, '{3,-1}', 'a weight is not negative'),
    (4, '{1,NULL}', 'nor null'),
    (5, '{1,NaN}', 'nor no number'),
    (6, '{1,Infinity}', 'nor infinite'),
    (7, null, 'weights are needed')
) as t (number, weights, description)
order by t.number;

-- What holds for every input, over 2,000 random ones with one to eight parts, weights with decimals, equal ones and zeros.
select setseed(0.5);

create temporary table cases as
select c.*, platform.allocate(c.total, c.weights, c.exponent) as parts
from (
  select
    g.n,
    g.exponent,
    round((random() * 10 ^ (g.n % 9) * (2 * (g.n % 2) - 1))::numeric, g.exponent) as total,
    array(
      select round((random() * 5)::numeric, g.n % 3) * (random() > 0.2)::integer
      from generate_series(1, 1 + g.n % 8)
    ) || 0.5 as weights
  from (select n, n % 4 as exponent from generate_series(1, 2000) as n) as g
) as c;

create temporary table parts as
select c.n, c.total, c.exponent, p.place, p.part, w.weight, c.total * w.weight / sum(w.weight) over (partition by c.n) as share
from cases as c
cross join lateral unnest(c.parts) with ordinality as p (part, place)
join lateral unnest(c.weights) with ordinality as w (weight, place) on w.place = p.place;

select is_empty(
  'select n from cases where cardinality(parts) <> cardinality(weights) or total <> (select sum(p) from unnest(parts) as p)',
  'the parts sum to the total, always'
);
select is_empty(
  'select n from parts where abs(part - share) >= 10::numeric ^ -exponent or part <> round(part, exponent) or weight = 0 and part <> 0',
  'each is less than a coin away from its share, in whole coins, and zero for nobody'
);
select is_empty(
  $$
    select a.n
    from parts as a
    join parts as b on b.n = a.n
    where (a.weight > b.weight or a.weight = b.weight and a.place < b.place) and abs(a.part) < abs(b.part)
  $$,
  'who weighs more never gets less, and among equals not the first'
);

select * from finish();
rollback;
