create or replace function marketing._read_rates(p_rows jsonb)
  returns table (index integer, given jsonb, base text, quote text, date date, rate numeric, source text, problem text)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select
    r.index, r.given, r.base, r.quote, r.date, r.rate, r.source,
    case
      when jsonb_typeof(r.given) <> 'object' then 'it is not an object'
      when b.code is null then 'base is a currency of platform.currencies'
      when q.code is null then 'quote is a currency of platform.currencies'
      when r.base = r.quote then 'base and quote are different'
      when r.date is null then 'date is YYYY-MM-DD, from 1900-01-01 to 2999-12-31'
      when not r.given ? 'rate' then 'rate is missing; null takes it away'
      when r.given ->> 'rate' is not null and (r.rate between 0.000000001 and 1000000000) is not true
        then 'rate is a number from 0.000000001 to 1000000000 with up to 18 digits after the point'
      when count(*) over (partition by r.base, r.quote, r.date) > 1 then 'the rate of this day is given twice'
    end
  from (
    select
      l.number::integer - 1 as index, l.given, l.given ->> 'base' as base, l.given ->> 'quote' as quote,
      l.given ->> 'source' as source,
      case
        when l.given ->> 'date' ~ '^(19|2\d)\d\d-\d\d-\d\d$'
          and jsonb_path_exists(l.given, '$.date.datetime("YYYY-MM-DD")', '{}', true)
          then (l.given ->> 'date')::date
      end as date,
      case when l.given ->> 'rate' ~ '^\d{1,18}(\.\d{1,18})?$' then (l.given ->> 'rate')::numeric end as rate
    from jsonb_array_elements(p_rows) with ordinality as l (given, number)
  ) as r
  left join platform.currencies as b on b.code = r.base
  left join platform.currencies as q on q.code = r.quote
$$;

comment on function marketing._read_rates(jsonb) is $$
Read the rows of marketing.set_rates.
p_rows: a jsonb array.
Returns: one row per element: index from 0, the element as given, its values as far as they can be read, and problem: what is wrong with
it; null: nothing.
$$;
