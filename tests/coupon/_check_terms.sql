begin;
select plan(16);

select has_function('coupon', '_check_terms', array['jsonb', 'text[]']);
select function_returns('coupon', '_check_terms', array['jsonb', 'text[]'], 'void');
select volatility_is('coupon', '_check_terms', array['jsonb', 'text[]'], 'stable');
select isnt_definer('coupon', '_check_terms', array['jsonb', 'text[]']);
select ok(not has_function_privilege('coupon_admin', 'coupon._check_terms(jsonb, text[])', 'execute'), 'not for administrators');

select lives_ok($$select coupon._check_terms('{"coupon_name": null, "valid_days": "x"}', '{}')$$, 'columns, whatever their values');
select lives_ok($$select coupon._check_terms('{}', '{}')$$, 'none');
select throws_ok($$select coupon._check_terms('{"valid_days": 1, "vaild_days": 1}', '{}')$$, 'MC072', 'vaild_days is not a term that can be given here', 'a misspelt one');
select throws_ok($$select coupon._check_terms('{"tableoid": 1}', '{}')$$, 'MC072', null, 'what only looks like a column');
select throws_ok($$select coupon._check_terms('{"valid_days": 1}', '{valid_days}')$$, 'MC072', null, 'one that is given otherwise');
select throws_ok(format('select coupon._check_terms(%L, ''{}'')', jsonb_build_object(t.name, 1)), 'MC072', t.name || ' is not a term that can be given here', t.name)
from unnest(array['current_issue_count', 'id', 'row_version', 'closed_at']) as t (name);
select throws_ok($$select coupon._check_terms('[1]', '{}')$$, 'MC074', 'these terms of a coupon policy are not valid: they are a JSON array, not an object', 'an array');
select throws_ok($$select coupon._check_terms('"valid_days"', '{}')$$, 'MC074', null, 'a string');

select * from finish();
rollback;
