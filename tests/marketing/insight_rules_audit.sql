begin;
select plan(4);

select trigger_is('marketing', 'insight_rules', 'insight_rules_audit_insert', 'platform', 'audit_row', 'on insert');
select trigger_is('marketing', 'insight_rules', 'insight_rules_audit_update', 'platform', 'audit_row', 'on update');
select trigger_is('marketing', 'insight_rules', 'insight_rules_audit_delete', 'platform', 'audit_row', 'on delete');
insert into marketing.insight_rules (code, kind, type, category, threshold, window_days, title, metric)
values ('own', 'threshold', 'warning', 'budget', 1, 1, 'x', 'cpc');
select marketing.set_insight_rule('own', '{"threshold": 2}');
delete from marketing.insight_rules where code = 'own';
select results_eq(
  $$ select a.action::text from platform.audit_log as a where a.table_name = 'insight_rules' and a.row_key = 'own' order by a.id $$,
  $$ values ('insert'), ('update'), ('delete') $$, 'who made, changed and deleted it'
);

select * from finish();
rollback;
