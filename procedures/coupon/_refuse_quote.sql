create or replace function coupon._refuse_quote(p_coupon_id bigint, p_verdicts jsonb)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_verdict jsonb := jsonb_path_query_first(p_verdicts, '$[*] ? (@.verdict == false)');
begin
  perform platform.fail(
    v_verdict ->> 'error',
    v_verdict - '{error,sqlstate,verdict}'::text[]
    || jsonb_build_object(
      'coupon_id', p_coupon_id,
      'coupon_number', (select i.coupon_number from coupon.coupon_issues as i where i.id = p_coupon_id)
    )
    || case when v_verdict ->> 'rule' = 'minimum_order_amount'
      then jsonb_build_object('order_amount', v_verdict -> 'actual', 'minimum', v_verdict -> 'value') else '{}' end
  )
  where v_verdict is not null;
end;
$$;

comment on function coupon._refuse_quote(bigint, jsonb) is $$
Raise the error of the first verdict that refuses a coupon.
p_coupon_id: the coupon.
p_verdicts: from coupon._quote_stack.
Returns: nothing, and only when no verdict refuses.
Errors: the one that the verdict names: MC013 coupon_not_owned to MC018 coupon_order_too_small, MC032 coupon_rule_failed, MC033
coupon_limit_reached, MC034 coupon_subject_limit_reached, MC035 coupon_not_combinable.
$$;
