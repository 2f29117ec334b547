begin;
select plan(33);

select has_function('coupon', '_read_lines', array['numeric', 'jsonb']);
select function_returns('coupon', '_read_lines', array['numeric', 'jsonb'], 'jsonb');
select volatility_is('coupon', '_read_lines', array['numeric', 'jsonb'], 'stable');
select isnt_definer('coupon', '_read_lines', array['numeric', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._read_lines(numeric, jsonb)', 'execute'), 'applications may not call it');

select is(
  coupon._read_lines(7000, '{"lines": [
    {"id": 1, "product": "p", "categories": ["c"], "quantity": 3, "price": 1000},
    {"product": 7, "amount": 1500.50}, {"amount": 2499.5, "quantity": 1.0, "categories": []}
  ]}'),
  '[
    {"id": "1", "product": "p", "categories": ["c"], "quantity": 3, "amount": 3000},
    {"id": "7", "product": "7", "categories": [], "quantity": 1, "amount": 1500.50},
    {"id": "3", "product": null, "categories": [], "quantity": 1, "amount": 2499.5}
  ]', 'lines, named by id, product or position'
);
select is(coupon._read_lines(7000.129, '{}'), '[{"id": null, "amount": 7000.12}]', 'no lines: one of the whole order, that nobody knows more about');
select is(coupon._read_lines(5, '{"lines": null, "shipping": null}'), '[{"id": null, "amount": 5}]', 'null is none');
select is(coupon._read_lines(0, '{"lines": []}'), '[]', 'an empty order');

create function pg_temp.problem(p_context jsonb) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform coupon._read_lines(1000, p_context);
  return null;
exception
  when sqlstate 'MC031' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return v_detail::jsonb ->> 'problem';
end;
$$;
select throws_ok(
  $$select coupon._read_lines(1000, '{"lines": [{"amount": 999}]}')$$, 'MC031',
  'the context of the order cannot be read: the lines sum to 999, the order amount is 1000', 'they sum to the order amount'
);
select is(pg_temp.problem('[]'), 'it is not an object', 'a list');
select is(pg_temp.problem('"x"'), 'it is not an object', 'a string');
select is(pg_temp.problem('{"shipping": -1}'), 'shipping is an amount, 0 or more', 'shipping below nothing');
select is(pg_temp.problem('{"shipping": 3000.555}'), 'shipping has 2 decimals at most', 'shipping with three decimals');
select is(pg_temp.problem('{"shipping": 3000.550}'), null, 'two and a nought');
select is(pg_temp.problem('{"shipping": "free"}'), 'shipping is an amount, 0 or more', 'shipping in words');
select is(pg_temp.problem('{"lines": {}}'), 'lines is a list of up to 1,000', 'lines that are none');
select is(
  pg_temp.problem(jsonb_build_object('lines', (select jsonb_agg(jsonb_build_object('amount', 1, 'id', n)) from generate_series(1, 1001) as n))),
  'lines is a list of up to 1,000', 'more lines than anybody buys'
);
select is(pg_temp.problem('{"lines": [{"amount": 1000}, 7]}'), 'line 2: it is not an object', 'a line that is none');
select is(pg_temp.problem('{"lines": [{"amount": 1000, "quantity": 0}]}'), 'line 1: quantity is a whole number from 1 to 1,000,000', 'no items');
select is(pg_temp.problem('{"lines": [{"amount": 1000, "quantity": 1.5}]}'), 'line 1: quantity is a whole number from 1 to 1,000,000', 'half an item');
select is(pg_temp.problem('{"lines": [{"amount": 1000, "quantity": "2"}]}'), 'line 1: quantity is a whole number from 1 to 1,000,000', 'items in words');
select is(pg_temp.problem('{"lines": [{"amount": 1000, "quantity": null}]}'), 'line 1: quantity is a whole number from 1 to 1,000,000', 'null items');
select is(pg_temp.problem('{"lines": [{"id": "a"}]}'), 'line 1: it has an amount, or the price of one', 'no amount');
select is(pg_temp.problem('{"lines": [{"amount": 1000, "price": 1000}]}'), 'line 1: it has an amount, or the price of one', 'both');
select is(pg_temp.problem('{"lines": [{"amount": -1}, {"amount": 1001}]}'), 'line 1: an amount is a number, 0 or more', 'a negative amount');
select is(pg_temp.problem('{"lines": [{"amount": "1000"}]}'), 'line 1: an amount is a number, 0 or more', 'an amount in words');
select is(pg_temp.problem('{"lines": [{"amount": 1e400}]}'), 'line 1: an amount is a number, 0 or more', 'a number beyond all');
select is(pg_temp.problem('{"lines": [{"amount": 999.999}, {"amount": 0.001}]}'), 'line 1: an amount has 2 decimals at most', 'mills');
select is(pg_temp.problem('{"lines": [{"amount": 1000, "categories": "c"}]}'), 'line 1: categories is a list of strings', 'categories that are none');
select is(pg_temp.problem('{"lines": [{"amount": 1000, "product": ["p"]}]}'), 'line 1: id and product are strings or numbers', 'a product that is none');
select is(pg_temp.problem('{"lines": [{"id": "a", "amount": 500}, {"id": "a", "amount": 500}]}'), 'two lines have the same id', 'twice the same');
select throws_ok(
  $$select coupon._read_lines(1000, jsonb_build_object('note', repeat('x', 1000000)))$$, 'MC031',
  'the context of the order cannot be read: it has more than 1,000,000 bytes', 'a context of a megabyte'
);

select * from finish();
rollback;
