-- What must hold for any cart and any coupons: parts sum to the whole, nothing goes below nothing, no choice of coupons beats the one that
-- was made, and what is refunded piece by piece is what was paid. The carts are the same in every run.
begin;
select plan(12);

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules
)
select
  900000 + n, 'p' || n, 'R-' || n, t.type,
  case t.type
    when 'PERCENTAGE' then (array[33.33, 10, 7.5, 100, 1])[1 + n % 5]
    when 'BUY_X_GET_Y' then (array[100, 50, 33.3])[1 + n % 3]
    when 'FREE_SHIPPING' then 0
    when 'FIXED_PRICE' then 900 + n
    else 700 * n
  end,
  case when n % 7 = 0 then 5000 else 0 end, case when n % 3 = 0 then 777 + n end, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00',
  case t.type when 'BUY_X_GET_Y' then 1 + n % 3 end, case t.type when 'BUY_X_GET_Y' then 1 + n % 2 end,
  case when n % 4 = 1 then 'g' end, n % 11 = 0, n % 3,
  case n % 5
    when 1 then '[{"rule": "products", "include": ["p1", "p2"]}]'::jsonb
    when 2 then '[{"rule": "categories", "exclude": ["c3"]}]'
    else '[]'
  end
from generate_series(1, 24) as n
cross join lateral (
  select (array['FIXED_AMOUNT', 'PERCENTAGE', 'BUY_X_GET_Y', 'FIXED_PRICE', 'FREE_SHIPPING', 'PERCENTAGE'])[1 + n % 6] as type
) as t;
set local moadb.now = '2026-10-15 12:00+00';

-- each cart has six coupons of its own
create temporary table carts as
select
  k.cart, k.amount, x.numbers,
  jsonb_build_object('lines', k.lines, 'shipping', ('x' || substr(md5('s' || k.cart), 1, 4))::bit(16)::integer % 4000) as context
from (
  select
    l.cart, sum(l.amount) as amount,
    jsonb_agg(jsonb_build_object(
      'id', l.line, 'product', 'p' || l.n % 5, 'categories', jsonb_build_array('c' || l.n % 4), 'quantity', 1 + l.n % 4, 'amount', l.amount
    )) as lines
  from (
    select r.cart, r.line, r.n, r.n % 9973 as amount
    from (
      select cart, line, ('x' || substr(md5(cart || ' ' || line), 1, 7))::bit(28)::integer as n
      from generate_series(1, 60) as cart cross join generate_series(1, 5) as line
    ) as r
  ) as l
  group by l.cart
) as k
cross join lateral (
  select array_agg(i.coupon_number::text) as numbers
  from (select p from generate_series(900001, 900024) as p order by md5(k.cart || ' ' || p) limit 6) as p
  cross join lateral coupon.issue_coupon(p.p, 1) as i
) as x;

create temporary table quotes as
select k.cart, k.amount, k.context, q.*
from carts as k cross join lateral coupon.quote_coupons(k.numbers, 1, k.amount, k.context) as q;
create temporary table parts as
select q.cart, q.coupon_id, q.discount_amount, l.id, l.amount, l.discount
from quotes as q cross join lateral jsonb_to_recordset(q.lines) as l (id text, amount numeric, discount numeric)
where q.applicable;

select cmp_ok((select count(*) from quotes as q where q.applicable), '>', 200::bigint, 'coupons apply');
select is_empty('select * from parts as p where p.discount < 0 or p.discount > p.amount', 'no part is negative or more than its line');
select is_empty('select * from parts as p where p.discount <> trunc(p.discount)', 'all parts are whole won');
select is_empty(
  'select p.cart, p.id from parts as p group by p.cart, p.id, p.amount having sum(p.discount) > p.amount', 'nor are those of all coupons together'
);
select is_empty(
  $$
    select p.cart, p.coupon_id
    from parts as p join quotes as q using (cart, coupon_id)
    join coupon.coupon_issues as i on i.id = q.coupon_id
    join coupon.coupon_policies as c on c.id = i.policy_id
    group by p.cart, p.coupon_id, p.discount_amount, c.discount_type
    having sum(p.discount) <> case c.discount_type when 'FREE_SHIPPING' then 0 else p.discount_amount end
  $$, 'parts sum to the whole'
);
select is_empty(
  $$
    select q.cart
    from quotes as q
    group by q.cart, q.amount, q.context, q.payable_amount
    having q.payable_amount <> q.amount + (q.context ->> 'shipping')::numeric - sum(q.discount_amount) or q.payable_amount < 0
  $$, 'what is left to pay is what is left'
);
select is_empty('select * from quotes as q where q.applicable = (q.discount_amount = 0)', 'no coupon is spent for nothing');
select is_empty(
  $$
    select q.cart
    from quotes as q join coupon.coupon_issues as i on i.id = q.coupon_id join coupon.coupon_policies as c on c.id = i.policy_id
    where q.applicable
    group by q.cart
    having bool_or(c.exclusive) and count(*) > 1 or count(c.stack_group) > 1
  $$, 'what does not go together is not together'
);

-- every subset of the six, for some of the carts
select is_empty(
  $$
    select k.cart, s.mask, t.total
    from carts as k
    cross join generate_series(1, 62) as s (mask)
    cross join lateral (
      select sum(q.discount_amount) as total
      from coupon.quote_coupons(
        (select array_agg(k.numbers[b]) from generate_series(1, 6) as b where s.mask & (1 << (b - 1)) > 0), 1, k.amount, k.context
      ) as q
    ) as t
    where k.cart <= 12 and t.total > (select sum(q.discount_amount) from quotes as q where q.cart = k.cart)
  $$, 'no other choice saves more'
);

-- reserved, paid, and refunded item by item
select count(r.reservation_id)
from carts as k
cross join lateral coupon.reserve_coupons(
  (select array_agg(i.coupon_number::text) from quotes as q join coupon.coupon_issues as i on i.id = q.coupon_id where q.cart = k.cart and q.applicable),
  1, 'o-' || k.cart, k.amount, p_context => k.context
) as r
where exists (select from quotes as q where q.cart = k.cart and q.applicable);
select is_empty(
  $$
    select q.cart, q.coupon_id, q.discount_amount, r.discount_amount
    from (select q.* from quotes as q where q.applicable) as q
    full join coupon.coupon_reservations as r on r.coupon_id = q.coupon_id and r.order_id = 'o-' || q.cart
    where q.discount_amount is distinct from r.discount_amount
  $$, 'what is reserved is what was quoted'
);
select is_empty(
  $$
    with items as (
      select k.cart, l.line ->> 'id' as id, n, row_number() over (partition by k.cart order by md5(k.cart || ' ' || n || l.line::text)) as turn
      from carts as k
      cross join lateral jsonb_array_elements(k.context -> 'lines') as l (line)
      cross join lateral generate_series(1, (l.line ->> 'quantity')::integer) as n
      where k.cart <= 20 and exists (select from quotes as q where q.cart = k.cart and q.applicable)
    ), refunds as (
      select i.cart, s.refund_amount
      from items as i
      cross join lateral coupon.refund_share(
        'o-' || i.cart, 1, jsonb_build_array(jsonb_build_object('id', i.id, 'quantity', 1)),
        (select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'quantity', 1)), '[]') from items as b where b.cart = i.cart and b.turn < i.turn)
      ) as s
    )
    select r.cart, sum(r.refund_amount)
    from refunds as r
    group by r.cart
    having sum(r.refund_amount) <> (select sum(l.amount) from (select distinct p.id, p.amount from parts as p where p.cart = r.cart) as l)
      - (select sum(p.discount) from parts as p where p.cart = r.cart) or min(r.refund_amount) < 0
  $$, 'refunded item by item in any order: what was paid, no more and no less'
);
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
