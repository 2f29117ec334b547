-- What a user could claim, beside what coupon.wallet says he has.

create or replace function coupon.list_user_codes(p_user_id bigint, p_before_id bigint default null, p_limit integer default 50)
  returns table (
    code_id bigint,
    code varchar,
    policy_id bigint,
    coupon_name varchar,
    discount_type varchar,
    discount_value numeric,
    minimum_order_amount numeric,
    max_discount_amount numeric,
    claim_from timestamptz,
    claim_until timestamptz,
    currency text
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select
    c.id, c.code, c.policy_id, p.coupon_name, p.discount_type, p.discount_value, p.minimum_order_amount, p.max_discount_amount,
    p.issue_start_date, least(c.expires_at, p.issue_end_date), p.currency
  from coupon.policy_codes as c
  join coupon.coupon_policies as p on p.id = c.policy_id
  where c.user_id = p_user_id
    and c.id < coalesce(p_before_id, 9223372036854775807)
    and c.is_active
    and (c.max_uses is null or c.uses < c.max_uses)
    and least(c.expires_at, p.issue_end_date) > platform.now()
    and p.is_active
  order by c.id desc
  limit coupon._page_size(p_limit, 1000)
$$;

comment on function coupon.list_user_codes(bigint, bigint, integer) is $$
The codes that were made for a user and can still be claimed, newest first, in pages. What he has claimed is in coupon.wallet.
p_user_id: the user.
p_before_id: the last code_id of the page before; null for the first page.
p_limit: rows in a page, 1,000 at most.
Returns: a row for each code: what its coupon is, what it is worth (discount_value an amount or per cent, amounts in currency), from
when and until when it can be claimed.
Errors: MC011 coupon_argument_invalid.
$$;
