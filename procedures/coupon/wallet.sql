-- Ids are time-ordered, so the newest page is the one with the highest ids, and a page begins where the last one ended.

create or replace function coupon.wallet(
  p_user_id bigint, p_status text default null, p_before_id bigint default null, p_limit integer default 50
)
  returns table (
    coupon_id bigint,
    coupon_number varchar,
    policy_id bigint,
    coupon_name varchar,
    discount_type varchar,
    discount_value numeric,
    minimum_order_amount numeric,
    max_discount_amount numeric,
    status varchar,
    issued_at timestamptz,
    expiry_date timestamptz,
    used_at timestamptz,
    order_id varchar,
    redemption_count integer,
    balance numeric,
    currency text
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select
    i.id, i.coupon_number, i.policy_id, p.coupon_name, p.discount_type, p.discount_value, p.minimum_order_amount,
    p.max_discount_amount, s.status, i.issued_at, i.expiry_date, i.used_at, i.order_id,
    i.redemption_count, case when p.discount_type = 'GIFT_BALANCE' then coalesce(i.balance, p.discount_value) end,
    p.currency
  from coupon.coupon_issues as i
  join coupon.coupon_policies as p on p.id = i.policy_id
  cross join lateral (
    select case when i.status = 'ISSUED' and i.expiry_date <= platform.now() then 'EXPIRED' else i.status end as status
  ) as s
  where i.user_id = p_user_id
    and i.id < coalesce(p_before_id, 9223372036854775807)
    and (p_status is null or s.status = p_status)
  order by i.id desc
  limit coupon._page_size(p_limit, 1000)
$$;

comment on function coupon.wallet(bigint, text, bigint, integer) is $$
A user's coupons, newest first, in pages.
p_user_id: the user.
p_status: only ISSUED, RESERVED, USED, EXPIRED or CANCELLED; null for all. A coupon past its time is EXPIRED, whether or not the job has
said so.
p_before_id: the last coupon_id of the page before; null for the first page.
p_limit: rows in a page, 1,000 at most.
Returns: a row for each coupon: what it is, what it is worth (discount_value an amount or per cent, amounts in currency), its state and its
times, how often it was redeemed, and what is left of a GIFT_BALANCE.
Errors: MC011 coupon_argument_invalid.
$$;
