-- Tastings and daily metrics, a month each. Tastings are read by their neighbours in taste and by their user, and analysed early, because
-- a partition fills up within its month.

select platform.define_partition_set(
  'coffee.taste_records', p_unit => 'month', p_premake => 3,
  p_storage_parameters => 'autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05'
);
select platform.define_partition_set('coffee.user_growth_metrics', p_unit => 'month', p_premake => 3);

select platform.maintain_partitions('coffee.taste_records');
select platform.maintain_partitions('coffee.user_growth_metrics');
