begin;
select plan(9);

select has_function('coffee', '_check_delivery', array['jsonb', 'integer']);
select function_returns('coffee', '_check_delivery', array['jsonb', 'integer'], 'void');
select volatility_is('coffee', '_check_delivery', array['jsonb', 'integer'], 'stable');
select isnt_definer('coffee', '_check_delivery', array['jsonb', 'integer']);

select lives_ok($$select coffee._check_delivery('{"street": "1"}', 28)$$, 'an address and a day');
select lives_ok($$select coffee._check_delivery('{"street": "1"}', null)$$, 'and none');
select throws_ok($$select coffee._check_delivery('{}', 1)$$, 'MF002', null, 'an empty address');
select throws_ok($$select coffee._check_delivery('"street"', 1)$$, 'MF002', null, 'words');
select throws_ok($$select coffee._check_delivery('{"street": "1"}', 29)$$, 'MF002', null, 'a day that some months lack');

select * from finish();
rollback;
