-- depends: 0006.coupon_redemption 0009.platform_money
--
-- What a coupon may ask for beyond an amount or a per cent. Policies without any of it are marked (has_terms), so that reserving their
-- coupons reads nothing of this.
-- The function stands here, and not under procedures/, because a constraint calls it.

create function coupon._is_text_list(p_list jsonb)
  returns boolean
  language sql
  immutable
  parallel safe
  return coalesce(
    jsonb_path_exists(p_list, 'strict $[0]', '{}', true)
    and not jsonb_path_exists(p_list, 'strict $[*] ? (@.type() != "string")', '{}', true),
    false
  );

comment on function coupon._is_text_list(jsonb) is $$
Whether a value is a list of one or more strings.
p_list: the value; null is none.
Returns: true or false, never null.
$$;

create function coupon._rules_valid(p_rules jsonb)
  returns boolean
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_keys    constant jsonb := '{
    "min_amount": ["value"], "min_quantity": ["value"], "first_order": ["value"],
    "products": ["include", "exclude"], "categories": ["include", "exclude"],
    "segment": ["in", "not_in"], "channel": ["in", "not_in"],
    "hours": ["zone", "windows"], "attribute": ["name", "op", "value"]
  }'::jsonb;
  v_number  integer := 0;
  v_rule    jsonb;
  v_name    text;
  v_value   jsonb;
  v_problem text;
begin
  if jsonb_typeof(p_rules) <> 'array' then
    perform platform.fail('coupon_rules_invalid', '{"problem": "they are not a list"}');
  end if;

  for v_rule in select r.value from jsonb_array_elements(p_rules) as r loop
    v_number := v_number + 1;
    v_name := case when jsonb_typeof(v_rule) = 'object' then v_rule ->> 'rule' end;
    v_value := v_rule -> 'value';

    if v_name is null or not v_keys ? v_name then
      v_problem := 'there is no such rule';
    else
      select format('there is no key %s', k.key) into v_problem
      from jsonb_object_keys(v_rule) as k (key)
      where k.key <> 'rule' and not (v_keys -> v_name) ? k.key
      limit 1;
    end if;

    v_problem := coalesce(v_problem, case
      when v_name in ('min_amount', 'min_quantity') then
        case when coalesce(jsonb_path_match(v_value, 'strict $ >= 0', '{}', true), false) is false then 'value is a number, 0 or more' end
      when v_name = 'first_order' then
        case when coalesce(jsonb_typeof(v_value), 'boolean') <> 'boolean' then 'value is true or false' end
      when v_name in ('products', 'categories') then case
        when not v_rule ?| array['include', 'exclude'] then 'it includes or excludes something'
        when v_rule ? 'include' and not coupon._is_text_list(v_rule -> 'include') then 'include is a list of strings'
        when v_rule ? 'exclude' and not coupon._is_text_list(v_rule -> 'exclude') then 'exclude is a list of strings'
      end
      when v_name in ('segment', 'channel') then case
        when not v_rule ?| array['in', 'not_in'] then 'it has in or not_in'
        when v_rule ? 'in' and not coupon._is_text_list(v_rule -> 'in') then 'in is a list of strings'
        when v_rule ? 'not_in' and not coupon._is_text_list(v_rule -> 'not_in') then 'not_in is a list of strings'
      end
      when v_name = 'hours' then case
        when coalesce(v_rule ->> 'zone', '') !~ '^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' then 'zone is an IANA name such as Asia/Seoul'
        when not coalesce(jsonb_path_exists(v_rule, 'strict $.windows[0]', '{}', true), false) then 'windows is a list'
        when jsonb_path_exists(v_rule, 'strict $.windows[*] ? (@.type() != "object")')
          or jsonb_path_exists(v_rule, '$.windows[*].keyvalue().key ? (@ != "days" && @ != "from" && @ != "to")')
          then 'a window has days, from and to'
        when jsonb_path_exists(v_rule, '$.windows[*] ? (!exists (@.days) && !exists (@.from))')
          or jsonb_path_exists(v_rule, '$.windows[*] ? (exists (@.from) && !exists (@.to) || exists (@.to) && !exists (@.from))')
          then 'a window has days, or from and to, or all of them'
        when jsonb_path_exists(v_rule, '$.windows[*] ? (exists (@.days) && (@.days.type() != "array" || !exists (@.days[0])))')
          or jsonb_path_exists(v_rule, 'strict $.windows[*] ? (exists (@.days)).days[*] ? (@.type() != "number" || !(@ == 1 || @ == 2 || @ == 3 || @ == 4 || @ == 5 || @ == 6 || @ == 7))')
          then 'days is a list of numbers from 1 (Monday) to 7'
        when exists (
          select
          from jsonb_path_query(v_rule, 'strict $.windows[*].keyvalue() ? (@.key != "days").value') as t (hour)
          where coalesce(t.hour #>> '{}' !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$', true)
        ) or jsonb_path_exists(v_rule, '$.windows[*] ? (@.from == @.to)')
          then 'from and to are two times of day, as 09:30'
      end
      when v_name = 'attribute' then case
        when coalesce(jsonb_typeof(v_rule -> 'name'), '') <> 'string' or v_rule ->> 'name' = '' then 'name is the name of an attribute'
        when coalesce(v_rule ->> 'op', '') not in ('=', '<>', '<', '<=', '>', '>=', 'in', 'not in')
          then 'op is =, <>, <, <=, >, >=, in or not in'
        when v_rule ->> 'op' in ('in', 'not in') then
          case
            when not coalesce(jsonb_path_exists(v_value, 'strict $[0]', '{}', true), false)
              or jsonb_path_exists(v_value, 'strict $[*] ? (@.type() == "array" || @.type() == "object" || @.type() == "null")')
              then 'value is a list of strings, numbers, true and false'
          end
        when coalesce(jsonb_typeof(v_value), 'null') not in ('string', 'number', 'boolean') then 'value is a string, a number, true or false'
        when v_rule ->> 'op' not in ('=', '<>') and jsonb_typeof(v_value) = 'boolean' then 'true and false are neither more nor less'
      end
    end);

    if v_problem is null and v_name = 'hours' then
      begin
        perform timezone(v_rule ->> 'zone', 'epoch'::timestamptz);
      exception
        when invalid_parameter_value then
          v_problem := 'there is no such zone';
      end;
    end if;

    if v_problem is not null then
      perform platform.fail('coupon_rules_invalid',
        jsonb_build_object('problem', format('rule %s (%s): %s', v_number, coalesce(v_name, '?'), v_problem), 'rule', v_rule));
    end if;
  end loop;
  return true;
end;
$$;

comment on function coupon._rules_valid(jsonb) is $$
The check of coupon_policies.rules: what is written there can be judged.
p_rules: the rules.
Returns: true; never false.
Errors: MC030 coupon_rules_invalid, which says which rule and what is wrong with it.
$$;

alter table coupon.coupon_policies
  add column currency          text not null default 'KRW',
  add column currency_exponent smallint not null default 0,
  add column buy_quantity      integer,
  add column get_quantity      integer,
  add column duration          varchar(20) not null default 'ONCE',
  add column duration_cycles   integer,
  add column priority          integer not null default 0,
  add column exclusive         boolean not null default false,
  add column stack_group       varchar(50),
  add column rules             jsonb not null default '[]',
  add column has_terms         boolean not null default false,
  add constraint coupon_policies_currency_fkey foreign key (currency) references platform.currencies (code),
  drop constraint coupon_policies_discount_type_check,
  add constraint coupon_policies_discount_type_check check (
    discount_type in ('FIXED_AMOUNT', 'PERCENTAGE', 'FREE_SHIPPING', 'FIXED_PRICE', 'BUY_X_GET_Y', 'GIFT_BALANCE')
  ),
  drop constraint coupon_policies_discount_value_check,
  add constraint coupon_policies_discount_value_check check (
    discount_value > 0 or discount_value = 0 and discount_type in ('FREE_SHIPPING', 'FIXED_PRICE')
  ),
  drop constraint coupon_policies_percentage_check,
  add constraint coupon_policies_percentage_check check (discount_type not in ('PERCENTAGE', 'BUY_X_GET_Y') or discount_value <= 100),
  add constraint coupon_policies_quantities_check check (
    (discount_type = 'BUY_X_GET_Y') = (num_nonnulls(buy_quantity, get_quantity) = 2)
    and (discount_type = 'BUY_X_GET_Y') = (num_nonnulls(buy_quantity, get_quantity) > 0)
    and buy_quantity > 0
    and get_quantity > 0
  ),
  add constraint coupon_policies_duration_check check (duration in ('ONCE', 'REPEATING', 'FOREVER')),
  add constraint coupon_policies_duration_cycles_check check (
    (duration = 'REPEATING') = (duration_cycles is not null) and duration_cycles > 0
  ),
  add constraint coupon_policies_stack_group_check check (stack_group <> ''),
  add constraint coupon_policies_rules_check check (coupon._rules_valid(rules));

create index coupon_policies_currency_idx on coupon.coupon_policies (currency);

comment on column coupon.coupon_policies.discount_type is
  'FIXED_AMOUNT (an amount), PERCENTAGE (per cent), FREE_SHIPPING (the shipping), FIXED_PRICE (each of the items costs discount_value), BUY_X_GET_Y (of every buy_quantity + get_quantity items the cheapest get_quantity are discount_value per cent cheaper), GIFT_BALANCE (what is left of a balance of discount_value).';
comment on column coupon.coupon_policies.discount_value is
  'Amount, price or balance in the currency''s unit; for PERCENTAGE and BUY_X_GET_Y per cent, from more than 0 to 100; for FREE_SHIPPING it is not looked at.';
comment on column coupon.coupon_policies.minimum_order_amount is 'Orders below it get no discount; what the goods cost, without shipping.';
comment on column coupon.coupon_policies.currency is 'The currency of all amounts of the policy and of the orders that its coupons are used for.';
comment on column coupon.coupon_policies.currency_exponent is
  'Decimals of the currency, by trigger from platform.currencies: discounts are rounded to it, halves up. At most 2.';
comment on column coupon.coupon_policies.buy_quantity is 'BUY_X_GET_Y: how many items are paid in full; null for all other types.';
comment on column coupon.coupon_policies.get_quantity is 'BUY_X_GET_Y: how many items are cheaper for them; null for all other types.';
comment on column coupon.coupon_policies.duration is
  'For subscriptions. ONCE: one payment. REPEATING: duration_cycles payments. FOREVER: every payment while the coupon is valid.';
comment on column coupon.coupon_policies.duration_cycles is 'REPEATING: how many payments; null for the others.';
comment on column coupon.coupon_policies.priority is 'Of several coupons of one order, the higher is applied first among those of its kind.';
comment on column coupon.coupon_policies.exclusive is 'true: its coupons are used alone, without any other coupon in the order.';
comment on column coupon.coupon_policies.stack_group is 'An order has at most one coupon of each group; null: of no group.';
comment on column coupon.coupon_policies.rules is $$What an order must be like, all of it: a list of
{"rule": "min_amount", "value": n} and {"rule": "min_quantity", "value": n}: of the eligible lines;
{"rule": "first_order"}, or with "value": false;
{"rule": "products", "include": [ids], "exclude": [ids]} and {"rule": "categories", …}: which lines are eligible;
{"rule": "segment", "in": [names], "not_in": [names]} and {"rule": "channel", …};
{"rule": "hours", "zone": "Asia/Seoul", "windows": [{"days": [1, …, 7], "from": "22:00", "to": "02:00"}, …]}: in one of the windows; days
count from Monday, a window over midnight belongs to the day that it begins on;
{"rule": "attribute", "name": "age", "op": ">=", "value": 19}; op is =, <>, <, <=, >, >=, in or not in (value is a list;
of a list in the order, one is in it, or none).
What the context of the order does not say fails the rule (attribute_missing).$$;
comment on column coupon.coupon_policies.has_terms is
  'By trigger: whether reserving its coupons takes the way through the quote engine, because of rules, limits, stacking, a currency or a discount type of its own.';

alter table coupon.coupon_reservations
  add column shipping_amount numeric(15, 2) not null default 0,
  add column exclusive       boolean not null default false,
  add column stack_group     varchar(50),
  add column quote           jsonb,
  drop constraint coupon_reservations_amounts_check,
  add constraint coupon_reservations_amounts_check check (discount_amount between 0 and order_amount + shipping_amount),
  add constraint coupon_reservations_shipping_amount_check check (shipping_amount >= 0);

comment on column coupon.coupon_reservations.order_amount is 'Price of the goods before the discount.';
comment on column coupon.coupon_reservations.discount_amount is 'Discount granted; never more than the goods and their shipping cost.';
comment on column coupon.coupon_reservations.shipping_amount is 'Shipping that the discount could be taken from; 0 when the coupon is not about it.';
comment on column coupon.coupon_reservations.exclusive is 'As in the policy when it was reserved: no other coupon is open for the order.';
comment on column coupon.coupon_reservations.stack_group is 'As in the policy when it was reserved: no other coupon of the group is open for the order.';
comment on column coupon.coupon_reservations.quote is
  'How the discount came about: verdicts and lines as coupon.quote_coupon shows them, and the discount on shipping. Null when the discount follows from order_amount alone: a plain coupon, and nothing else known about the order.';

-- Apart from the reservations: an index there that speaks of their status would have to be written by every one of them.
create table coupon.order_stacks (
  order_id       varchar(50) not null,
  user_id        bigint not null,
  slot           varchar(60) not null,
  reservation_id varchar(50) not null,
  constraint order_stacks_pkey primary key (order_id, user_id, slot)
);

comment on table coupon.order_stacks is
  'What an order has one of at most: an exclusive coupon, a coupon of each group. One row for each reservation that is pending or confirmed and is of such a policy; written by trigger.';
comment on column coupon.order_stacks.order_id is 'The order.';
comment on column coupon.order_stacks.user_id is 'Whose order it is.';
comment on column coupon.order_stacks.slot is '"exclusive", or "group " and the stack_group.';
comment on column coupon.order_stacks.reservation_id is 'The reservation that has it.';
