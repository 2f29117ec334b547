begin;
select plan(12);

select has_function('marketing', '_refuse_rows', array['jsonb', 'jsonb']);
select function_returns('marketing', '_refuse_rows', array['jsonb', 'jsonb'], 'void');
select volatility_is('marketing', '_refuse_rows', array['jsonb', 'jsonb'], 'stable');
select isnt_definer('marketing', '_refuse_rows', array['jsonb', 'jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._refuse_rows(jsonb, jsonb)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._refuse_rows(jsonb, jsonb)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._refuse_rows(jsonb, jsonb)', 'execute'), 'readers may not');

select lives_ok($$ select marketing._refuse_rows('[{}]', null) $$, 'nothing is wrong');
select lives_ok($$ select marketing._refuse_rows('[{}]', '[]') $$, 'nothing at all');
select throws_ok(
  $$ select marketing._refuse_rows('[{}, {}]', '[{"index": 1, "column": "date", "value": "x", "reason": "it is a day"}]') $$, 'MM050',
  '1 of 2 rows are refused; row 1, date: it is a day', 'something is'
);
create function pg_temp.detail() returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing._refuse_rows(
    (select jsonb_agg('{}'::jsonb) from generate_series(1, 30)),
    (select jsonb_agg(jsonb_build_object('index', n / 2, 'column', 'a', 'value', n, 'reason', 'b')) from generate_series(0, 49) as n)
  );
exception
  when sqlstate 'MM050' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb;
end;
$$;
select is(pg_temp.detail() -> 'refused', '25', 'rows are counted once');
select is(jsonb_array_length(pg_temp.detail() -> 'rows'), 20, 'twenty problems are listed');

select * from finish();
rollback;
