begin;
select plan(16);

select has_function('coupon', '_rules_valid', array['jsonb']);
select function_returns('coupon', '_rules_valid', array['jsonb'], 'boolean');
select volatility_is('coupon', '_rules_valid', array['jsonb'], 'immutable');
select isnt_definer('coupon', '_rules_valid', array['jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._rules_valid(jsonb)', 'execute'), 'applications may not call it');

create function pg_temp.problem(p_rules jsonb) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform coupon._rules_valid(p_rules);
  return null;
exception
  when sqlstate 'MC030' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb ->> 'problem';
end;
$$;

select ok(coupon._rules_valid('[]'), 'no rules');
select ok(coupon._rules_valid($$[
  {"rule": "min_amount", "value": 20000}, {"rule": "min_quantity", "value": 2}, {"rule": "first_order"}, {"rule": "first_order", "value": false},
  {"rule": "products", "include": ["a"], "exclude": ["b", "c"]}, {"rule": "categories", "exclude": ["x"]},
  {"rule": "segment", "in": ["vip"]}, {"rule": "channel", "not_in": ["web"]},
  {"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": [1, 7], "from": "22:00", "to": "02:00"}, {"days": [6]}, {"from": "09:00", "to": "09:30"}]},
  {"rule": "hours", "zone": "UTC", "windows": [{"days": [1]}]},
  {"rule": "attribute", "name": "age", "op": ">=", "value": 19}, {"rule": "attribute", "name": "os", "op": "in", "value": ["ios", 7]},
  {"rule": "attribute", "name": "member", "op": "=", "value": true}
]$$), 'every rule there is');
select throws_ok(
  $$select coupon._rules_valid('[{"rule": "first_order"}, {"rule": "min_amount", "value": "much"}]')$$, 'MC030',
  'these rules cannot be judged: rule 2 (min_amount): value is a number, 0 or more', 'which rule, and what is wrong with it'
);

-- every one of these is refused, with what is wrong
select results_eq(
  $q$
    select r.rule, pg_temp.problem(case when r.rule like '[%' or r.rule like '{}%' then r.rule::jsonb else ('[' || r.rule || ']')::jsonb end)
    from (values
      ('{}'), ('[1]'), ('{"rule": "nonsense"}'), ('{"value": 1}'), ('{"rule": 1}'), ('{"rule": "min_amount", "value": 1, "values": 2}'),
      ('{"rule": "min_amount"}'), ('{"rule": "min_amount", "value": -1}'), ('{"rule": "min_quantity", "value": null}'),
      ('{"rule": "min_quantity", "value": [1]}'), ('{"rule": "first_order", "value": "yes"}'),
      ('{"rule": "products"}'), ('{"rule": "products", "include": []}'), ('{"rule": "products", "include": "a"}'),
      ('{"rule": "products", "include": [1]}'), ('{"rule": "categories", "exclude": {"a": 1}}'),
      ('{"rule": "segment"}'), ('{"rule": "segment", "in": [null]}'), ('{"rule": "channel", "in": ["a"], "not_in": "b"}'),
      ('{"rule": "hours", "windows": [{"days": [1]}]}'), ('{"rule": "hours", "zone": "KST", "windows": [{"days": [1]}]}'),
      ('{"rule": "hours", "zone": "Asia/Atlantis", "windows": [{"days": [1]}]}'), ('{"rule": "hours", "zone": "Asia/Seoul"}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": []}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": {"days": [1]}}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [1]}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"day": 1}]}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": [1], "day": 1}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": "09:00"}]}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": []}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": [0]}]}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": ["1"]}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": 1}]}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": "9:00", "to": "10:00"}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": "09:00", "to": "24:00"}]}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": 9, "to": 10}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": "09:00", "to": "09:00"}]}'), ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": null, "to": null}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": [], "to": [1]}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": ["x"], "to": ["y"]}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": ["22:00"], "to": ["02:00"]}]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [[{"days": [1]}]]}'),
      ('{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": "22:00", "to": "02:00"}, {"days": [[1]]}]}'),
      ('{"rule": "segment", "in": [["vip"]]}'), ('{"rule": "products", "include": ["a", []]}'),
      ('{"rule": "attribute", "name": ["a"], "op": "=", "value": 1}'), ('{"rule": "attribute", "op": "=", "value": 1}'), ('{"rule": "attribute", "name": "a", "op": "~", "value": "x"}'),
      ('{"rule": "attribute", "name": "a", "op": "in", "value": "x"}'), ('{"rule": "attribute", "name": "a", "op": "in", "value": [{"a": 1}]}'),
      ('{"rule": "attribute", "name": "a", "op": "not in", "value": ["a", null]}'), ('{"rule": "attribute", "name": "a", "op": "=", "value": [1]}'),
      ('{"rule": "attribute", "name": "a", "op": "="}'), ('{"rule": "attribute", "name": "a", "op": "<", "value": true}')
    ) as r (rule)
    where pg_temp.problem(case when r.rule like '[%' or r.rule like '{}%' then r.rule::jsonb else ('[' || r.rule || ']')::jsonb end) is null
  $q$,
  $$select null::text, null::text where false$$, 'nothing that cannot be judged passes'
);
select is(pg_temp.problem('{}'), 'they are not a list', 'not a list');
select is(pg_temp.problem('[{"rule": "nonsense"}]'), 'rule 1 (nonsense): there is no such rule', 'an unknown rule');
select is(pg_temp.problem('[{"rule": "first_order", "vlaue": false}]'), 'rule 1 (first_order): there is no key vlaue', 'a misspelt key');
select is(pg_temp.problem('[{"rule": "hours", "zone": "Asia/Atlantis", "windows": [{"days": [1]}]}]'), 'rule 1 (hours): there is no such zone', 'a zone that is none');
select is(
  pg_temp.problem('[{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"from": "09:00", "to": "9:30"}]}]'),
  'rule 1 (hours): from and to are two times of day, as 09:30', 'a time that is none'
);
select throws_ok(
  $$
    insert into coupon.coupon_policies (coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date, rules)
    values ('a', 'A', 'PERCENTAGE', 10, 'DIRECT', 30, '2026-10-01', '2026-12-01', '[{"rule": "products"}]')
  $$,
  'MC030', 'these rules cannot be judged: rule 1 (products): it includes or excludes something', 'a policy is not written with them'
);
select ok(coupon._is_text_list('["a"]') and not coupon._is_text_list('[]') and not coupon._is_text_list('"a"') and not coupon._is_text_list(null)
  and not coupon._is_text_list('[["a"]]') and not coupon._is_text_list('["a", []]') and not coupon._is_text_list('["a", 1]') and not coupon._is_text_list('{"a": 1}'), 'a list of strings');

select * from finish();
rollback;
