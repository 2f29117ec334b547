create or replace function coffee.list_flavors(p_below text default null)
  returns table (code text, name text, name_ko text, parent text, depth integer)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select f.code, f.name, f.name_ko, p.code, cardinality(f.path)
  from coffee.flavors as f
  left join coffee.flavors as p on p.id = f.parent_id
  where p_below is null or f.path @> array[coffee._find_flavor(p_below)]
  order by f.path
$$;

comment on function coffee.list_flavors(text) is $$
The flavour wheel, or a part of it.
p_below: code of a flavour: that one and all below it; null: all.
Returns: flavours, each after the one that it belongs to; depth 1 is the middle of the wheel.
Errors: MF102 flavor_not_found.
$$;
