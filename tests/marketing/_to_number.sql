begin;
select plan(12);

select has_function('marketing', '_to_number', array['text']);
select function_returns('marketing', '_to_number', array['text'], 'numeric');
select volatility_is('marketing', '_to_number', array['text'], 'immutable');
select isnt_definer('marketing', '_to_number', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._to_number(text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._to_number(text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._to_number(text)', 'execute'), 'readers may not');

select is(marketing._to_number('-12.50'), -12.50, 'a number');
select is(marketing._to_number('99999999999999.999999'), 99999999999999.999999, 'a large one');
select is(
  array(select t.text from unnest(array['1e5', 'NaN', 'Infinity', '', '1,000', ' 1', '100000000000000', '1.', '.5', '--1', '0x1f', '1_000', '0.0000009', '-00.0000000001']) as t (text) where marketing._to_number(t.text) is not null),
  '{}', 'what is none, or does not fit'
);
select is(
  array(select marketing._to_number(t.text) from unnest(array['0.000001', '-0.0000000', '1.0000001', '10.0000001']) as t (text)),
  array[0.000001, 0.0000000, 1.0000001, 10.0000001], 'what is 0, or a millionth and more'
);
select is(marketing._to_number(null), null, 'nothing');

select * from finish();
rollback;
