begin;
select plan(21);

select has_function('marketing', '_check_report_config', array['jsonb']);
select function_returns('marketing', '_check_report_config', array['jsonb'], 'void');
select volatility_is('marketing', '_check_report_config', array['jsonb'], 'stable');
select isnt_definer('marketing', '_check_report_config', array['jsonb']);
select function_privs_are('marketing', '_check_report_config', array['jsonb'], 'marketing_app', '{}');
select function_privs_are('marketing', '_check_report_config', array['jsonb'], 'marketing_admin', '{}');

select lives_ok($$ select marketing._check_report_config('{}') $$, 'all is optional');
select lives_ok(
  $$
    select marketing._check_report_config(
      '{"channels": ["google_search"], "metrics": ["cost", "roas"], "formats": ["pdf"], "language": "en", "currency": "USD"}'
    )
  $$, 'all there is'
);
select throws_ok($$ select marketing._check_report_config('[]') $$, 'MM131', null, 'no object');
select throws_ok($$ select marketing._check_report_config('null') $$, 'MM131', null, 'a null of JSON');
select throws_ok($$ select marketing._check_report_config(null) $$, 'MM131', null, 'null');
select throws_ok(
  $$ select marketing._check_report_config('{"metric": ["cost"]}') $$, 'MM131',
  'the configuration is not accepted: metric ["cost"]: the keys are channels, metrics, currency, formats and language', 'a key that there is not'
);
select throws_ok($$ select marketing._check_report_config('{"channels": ["radio"]}') $$, 'MM131', null, 'a channel that there is not');
select throws_ok($$ select marketing._check_report_config('{"channels": []}') $$, 'MM131', null, 'no channel');
select throws_ok($$ select marketing._check_report_config('{"metrics": ["reach"]}') $$, 'MM131', null, 'a metric that cannot be summed');
select throws_ok($$ select marketing._check_report_config('{"metrics": "cost"}') $$, 'MM131', null, 'no list of metrics');
select throws_ok($$ select marketing._check_report_config('{"formats": ["docx"]}') $$, 'MM131', null, 'a format that there is not');
select throws_ok($$ select marketing._check_report_config('{"language": "jp"}') $$, 'MM131', null, 'a language that there is not');
select throws_ok($$ select marketing._check_report_config('{"language": null}') $$, 'MM131', null, 'none');
select throws_ok($$ select marketing._check_report_config('{"currency": "XXY"}') $$, 'MM131', null, 'a currency that there is not');
select throws_ok($$ select marketing._check_report_config('{"currency": ["KRW"]}') $$, 'MM131', null, 'a list of them');

select * from finish();
rollback;
