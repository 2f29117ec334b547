begin;
select plan(20);

select has_function('coffee', 'prorate', array['numeric', 'numeric', 'numeric', 'integer']);
select function_returns('coffee', 'prorate', array['numeric', 'numeric', 'numeric', 'integer'], 'numeric');
select volatility_is('coffee', 'prorate', array['numeric', 'numeric', 'numeric', 'integer'], 'immutable');
select is_definer('coffee', 'prorate', array['numeric', 'numeric', 'numeric', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.prorate(numeric, numeric, numeric, integer)', 'execute'), 'applications may call it');

select is(coffee.prorate(30000, 10, 30, 0), 10000::numeric, 'a third');
select is(coffee.prorate(30000, 10, 31, 0), 9677::numeric, 'rounded to whole won');
select is(coffee.prorate(25.50, 10, 31, 2), 8.23, 'and to cents');
select is(coffee.prorate(25.5, 10, 31, 3), 8.226, 'and to mils');
select is(coffee.prorate(30000, 0, 31, 0), 0::numeric, 'nothing of it');
select is(coffee.prorate(30000, 31, 31, 0), 30000::numeric, 'all of it');
select is(coffee.prorate(30000, 10.5, 31, 0), 10161::numeric, 'half a day');
select is(coffee.prorate(0, 10, 31, 0), 0::numeric, 'of nothing');
select is(coffee.prorate(null, 10, 31, 0), null, 'of an amount that is not known');
select is_empty(
  $$select from generate_series(1, 366) as t (total) cross join generate_series(0, 366) as u (used)
    where u.used <= t.total and coffee.prorate(29900, u.used, t.total, 0) not between 0 and 29900$$,
  'never more than the whole'
);
select throws_ok('select coffee.prorate(30000, -1, 31, 0)', 'MF037', '-1 of 31 days are no share', 'less than none');
select throws_ok('select coffee.prorate(30000, 32, 31, 0)', 'MF037', null, 'more than all');
select throws_ok('select coffee.prorate(30000, 0, 0, 0)', 'MF037', null, 'of no days');
select throws_ok('select coffee.prorate(30000, null, 31, 0)', 'MF037', null, 'of days that are not known');

set local role coffee_app;
select throws_ok('select coffee.prorate(null, null, null, null)', 'MF037', null, 'an application is told what is wrong');
reset role;

select * from finish();
rollback;
