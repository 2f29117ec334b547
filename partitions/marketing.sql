-- Facts, a month each, by the account's days. What is older than three months leaves by `moadb archive run`, never by itself.

select platform.define_partition_set('marketing.campaign_metrics', p_unit => 'month', p_premake => 3);
select platform.define_partition_set('marketing.campaign_metric_versions', p_unit => 'month', p_premake => 3);
select platform.define_partition_set('marketing.campaign_daily', p_unit => 'month', p_premake => 3);

select platform.maintain_partitions('marketing.campaign_metrics');
select platform.maintain_partitions('marketing.campaign_metric_versions');
select platform.maintain_partitions('marketing.campaign_daily');
