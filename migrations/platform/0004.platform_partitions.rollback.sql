drop table platform.partition_sets;
