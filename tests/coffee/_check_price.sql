begin;
select plan(13);

select has_function('coffee', '_check_price', array['numeric', 'text']);
select function_returns('coffee', '_check_price', array['numeric', 'text'], 'numeric');
select volatility_is('coffee', '_check_price', array['numeric', 'text'], 'stable');
select isnt_definer('coffee', '_check_price', array['numeric', 'text']);

select is(coffee._check_price(30000, 'KRW'), 30000::numeric, 'won');
select is(coffee._check_price(0, 'KRW'), 0::numeric, 'nothing');
select is(coffee._check_price(25.5, 'USD'), 25.5, 'dollars');
select throws_ok('select coffee._check_price(0.5, ''KRW'')', 'MF002', null, 'half a won');
select throws_ok('select coffee._check_price(-1, ''KRW'')', 'MF002', null, 'less than nothing');
select throws_ok('select coffee._check_price(''nan'', ''KRW'')', 'MF002', null, 'no number');
select throws_ok('select coffee._check_price(null, ''KRW'')', 'MF002', null, 'unknown');
select throws_ok('select coffee._check_price(1, ''XXX'')', 'MF002', null, 'in no currency');

select throws_ok('select coffee._check_price(1, ''KWD'')', 'MF002', 'p_currency KWD is not accepted: it has 3 decimals, and amounts are kept with 2', 'one that amounts cannot be kept in');

select * from finish();
rollback;
