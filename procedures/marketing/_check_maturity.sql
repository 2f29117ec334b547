create or replace function marketing._check_maturity(p_metric text, p_days integer)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._check_choice('p_metric', p_metric, '{impressions,clicks,cost,conversions,revenue}');
  if p_days is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_days'));
  elsif p_days not between 1 and 60 then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_days', 'value', p_days, 'problem', 'it is 1 to 60'
    ));
  end if;
end;
$$;

comment on function marketing._check_maturity(text, integer) is $$
Refuse what no maturity can be told of.
p_metric: the caller's argument of that name: impressions, clicks, cost, conversions or revenue.
p_days: the caller's argument of that name: 1 to 60.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
$$;
