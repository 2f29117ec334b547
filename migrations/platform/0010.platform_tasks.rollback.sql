drop table platform.tasks;
