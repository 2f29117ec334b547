-- Codes without limit count nothing in their row; their claims are counted when they are listed.

create or replace function coupon.list_codes(p_policy_id bigint, p_after_id bigint default null, p_limit integer default 1000)
  returns table (
    code_id bigint,
    code varchar,
    is_main boolean,
    max_uses integer,
    uses bigint,
    user_id bigint,
    expires_at timestamptz,
    is_active boolean,
    created_at timestamptz
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select
    c.id, c.code, c.is_main, c.max_uses,
    case
      when c.max_uses is null then (select count(*) from coupon.code_claims as k where k.code_id = c.id and k.returned_at is null)
      else c.uses
    end,
    c.user_id, c.expires_at, c.is_active, c.created_at
  from coupon.policy_codes as c
  where c.policy_id = p_policy_id
    and c.id > coalesce(p_after_id, 0)
  order by c.id
  limit coupon._page_size(p_limit, 10000)
$$;

comment on function coupon.list_codes(bigint, bigint, integer) is $$
The codes of a policy, oldest first, in pages.
p_policy_id: the policy.
p_after_id: the last code_id of the page before; null for the first page.
p_limit: rows in a page, 10,000 at most.
Returns: a row for each code: the code, whether it is the policy's own (is_main), how many coupons it may give (max_uses; null: any
number) and how many were claimed by it and not cancelled (uses), who alone may use it, when it expires, whether it is switched on.
Errors: MC011 coupon_argument_invalid.
$$;
