-- A tasting is never refused for what stands in its layers, and what is no number in range says nothing about taste. A number of ten
-- thousand digits does no more than one of six: without the rounding all sums and averages of the user would have as many from then on.

create or replace function coffee._layer_value(p_layers jsonb, p_layer text)
  returns numeric
  language sql
  immutable
  parallel safe
  return case
    when jsonb_typeof(p_layers -> p_layer) = 'number' then
      case when (p_layers -> p_layer)::numeric between 0 and 100 then round((p_layers -> p_layer)::numeric, 6) end
  end;

comment on function coffee._layer_value(jsonb, text) is $$
The value of a layer of taste, as far as it is one.
p_layers: {"acidity": 7.5, …}.
p_layer: the layer.
Returns: the number, to six decimals; null when there is none, it is no number, or it is not between 0 and 100.
$$;
