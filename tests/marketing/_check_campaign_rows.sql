begin;
select plan(24);

select has_function('marketing', '_check_campaign_rows', array['jsonb']);
select function_returns('marketing', '_check_campaign_rows', array['jsonb'], 'void');
select volatility_is('marketing', '_check_campaign_rows', array['jsonb'], 'stable');
select isnt_definer('marketing', '_check_campaign_rows', array['jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_campaign_rows(jsonb)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_campaign_rows(jsonb)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._check_campaign_rows(jsonb)', 'execute'), 'readers may not');

select lives_ok($$ select marketing._check_campaign_rows('[]') $$, 'no rows');
select lives_ok(
  $$ select marketing._check_campaign_rows('[{"campaign_id": "a"}, {"campaign_id": 5, "campaign_name": null, "status": "paused", "objective": null, "network": null, "daily_budget": 1000.5, "total_budget": "2000", "start_date": "2026-01-01", "end_date": null, "deleted": false}]') $$,
  'everything'
);
select throws_ok(format('select marketing._check_campaign_rows(%L)', t.given), 'MM019', null, t.description)
from (
  values
    (1, '{}', 'no array'), (2, '[1]', 'no object'), (3, '[{}]', 'no id'), (4, '[{"campaign_id": ""}]', 'an empty one'),
    (5, '[{"campaign_id": null}]', 'none'), (6, '[{"campaign_id": "a"}, {"campaign_id": "a"}]', 'twice'),
    (7, '[{"campaign_id": "a", "status": "odd"}]', 'no status'), (8, '[{"campaign_id": "a", "daily_budget": -1}]', 'a negative budget'),
    (9, '[{"campaign_id": "a", "total_budget": "NaN"}]', 'no number'), (10, '[{"campaign_id": "a", "start_date": "2026-02-30"}]', 'no day'),
    (11, '[{"campaign_id": "a", "deleted": "yes"}]', 'neither true nor false'), (12, '[{"campaign_id": "a", "id": 1}]', 'no column'),
    (13, '[{"campaign_id": "a", "daily_budget": 999999999999999}]', 'too much')
) as t (place, given, description)
order by t.place;
create function pg_temp.detail(p_rows jsonb) returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  perform marketing._check_campaign_rows(p_rows);
exception
  when sqlstate 'MM019' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail;
end;
$$;
select is(
  pg_temp.detail('[{"campaign_id": "a"}, {"campaign_id": "b", "status": "odd", "start_date": "x"}]'),
  '{"code": "campaign_rows_invalid", "rows": 1, "bad": [{"index": 1, "column": "start_date", "value": "x", "problem": "it is a date, YYYY-MM-DD"}, {"index": 1, "column": "status", "value": "odd", "problem": "it is active, paused or ended, or a word of the platform for these"}]}'::jsonb,
  'which row, which column, what is wrong'
);
select is(
  jsonb_array_length(pg_temp.detail((select jsonb_agg(1) from generate_series(1, 50))) -> 'bad'), 20, 'twenty of them'
);

select * from finish();
rollback;
