begin;
select plan(12);

select has_function('marketing', '_to_date', array['text']);
select function_returns('marketing', '_to_date', array['text'], 'date');
select volatility_is('marketing', '_to_date', array['text'], 'immutable');
select isnt_definer('marketing', '_to_date', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._to_date(text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._to_date(text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._to_date(text)', 'execute'), 'readers may not');

select is(marketing._to_date('2024-02-29'), date '2024-02-29', 'a day');
select is(marketing._to_date('2000-02-29'), date '2000-02-29', 'a leap day of a century that has one');
select is(
  array(select t.text from unnest(array['2023-02-29', '1900-02-29', '2024-04-31', '2024-13-01', '2024-00-10', '2024-01-32', '24-01-01', '2024/01/01', 'x', '', 'infinity', '2024-01-01 ']) as t (text) where marketing._to_date(t.text) is not null),
  '{}', 'what is none'
);
select is(
  (select count(*) from generate_series('1999-12-01'::timestamp, '2032-03-01', '1 day') as d (day) where marketing._to_date(to_char(d.day, 'YYYY-MM-DD')) is distinct from d.day::date),
  0::bigint, 'every day of thirty years'
);
select is(marketing._to_date(null), null, 'nothing');

select * from finish();
rollback;
