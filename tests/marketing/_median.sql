begin;
select plan(9);

select has_function('marketing', '_median', array['numeric[]']);
select volatility_is('marketing', '_median', array['numeric[]'], 'immutable');
select isnt_definer('marketing', '_median', array['numeric[]']);
select function_privs_are('marketing', '_median', array['numeric[]'], 'marketing_app', '{}');
select is(marketing._median('{3,1,2}'), 2::numeric, 'the middle one');
select is(marketing._median('{4,1,3,2}'), 2.5, 'the mean of the two in the middle');
select is(marketing._median('{7}'), 7::numeric, 'of one');
select is(marketing._median('{null,5,null}'), 5::numeric, 'nulls do not count');
select is(marketing._median('{}'), null, 'of none');

select * from finish();
rollback;
