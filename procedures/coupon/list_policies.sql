create or replace function coupon.list_policies(
  p_before_id bigint default null, p_limit integer default 50, p_only_active boolean default false
)
  returns setof coupon.coupon_policies
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select p.*
  from coupon.coupon_policies as p
  where p.id < coalesce(p_before_id, 9223372036854775807)
    and (p.is_active and p.issue_end_date > platform.now() or p_only_active is not true)
  order by p.id desc
  limit coupon._page_size(p_limit, 1000)
$$;

comment on function coupon.list_policies(bigint, integer, boolean) is $$
Policies, newest first, in pages.
p_before_id: the last id of the page before; null for the first page.
p_limit: rows in a page, 1,000 at most.
p_only_active: leave out those that are paused, closed or past their window.
Returns: rows of coupon_policies; current_issue_count as of the last hourly refresh.
Errors: MC011 coupon_argument_invalid.
$$;
