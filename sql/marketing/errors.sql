-- The errors of marketing's API, in full: a row that is taken out here is taken out of the table.

with defined (sqlstate, name, message, hint) as (
  values
    -- workspaces and accounts
    ('MM001', 'workspace_not_found', 'there is no workspace {workspace_id}', 'Check the id; whoever is no member of a workspace does not see it.'),
    ('MM002', 'not_permitted', 'role {role} in workspace {workspace_id} does not suffice: {minimum} is needed', 'An admin of the workspace changes roles with marketing.set_member_role.'),
    ('MM003', 'acting_user_required', 'nobody is said to be acting', 'Begin the transaction with marketing.act_as(user); members of marketing_admin need not.'),
    ('MM004', 'marketing_argument_missing', '{argument} is null', 'Give every argument that has no default.'),
    ('MM005', 'marketing_argument_invalid', '{argument} {value} is not accepted: {problem}', 'The comment on the function says what it may be.'),
    ('MM006', 'marketing_rows_kept', '{operation} on marketing.{table} is refused', 'The comment on the table says what keeps its rows.'),
    ('MM007', 'ad_account_not_found', 'there is no account {account_id}', 'Check the id; an account is seen by members of the workspaces that have it connected.'),
    ('MM008', 'campaign_not_found', 'there is no campaign {campaign_id}', 'Check the id; a campaign is seen by members of the workspaces that have its account connected.'),
    ('MM009', 'marketing_user_not_found', 'there is no user {user_id}', 'Check the id; one that is not active cannot act.'),
    ('MM010', 'last_admin', 'workspace {workspace_id} would have no admin any more', 'Make another active member an admin first, with marketing.set_member_role.'),
    ('MM011', 'marketing_email_taken', 'there is a user with the address {email} already', 'Sign in as that one, or give another address.'),
    ('MM012', 'marketing_terms_invalid', 'the values are not accepted: {problem}', 'The constraint is in the detail; the comments on the columns say what they may be.'),
    ('MM013', 'ad_account_terms_differ', 'account {account_id} of {platform} has {term} {known}, not {given}', 'Currency and time zone of an account do not change; check what the platform says.'),
    ('MM014', 'platform_not_found', 'there is no platform {platform}', 'marketing.v_platforms lists them; an operator adds one with marketing.define_platform.'),
    ('MM015', 'channel_not_found', 'there is no channel {channel}', 'marketing.v_channels lists them.'),
    ('MM016', 'channel_refused', 'campaigns of {platform} cannot be in channel {channel}: {problem}', 'Choose a channel of the same platform that is in use.'),
    ('MM017', 'member_not_found', 'user {user_id} is no member of workspace {workspace_id}', 'marketing.v_members lists them.'),
    ('MM018', 'ad_account_not_connected', 'workspace {workspace_id} has not connected account {account_id}', 'marketing.connect_account connects it.'),
    ('MM019', 'campaign_rows_invalid', '{rows} rows are not accepted', 'The detail lists up to 20 of them: index, column, value, problem. Nothing was written.'),
    ('MM020', 'channel_rule_not_found', 'there is no rule {rule_id}', 'marketing.v_channel_rules lists them.'),
    ('MM021', 'channel_rule_invalid', 'the rule is not accepted: {problem}', 'The comment on the function says what it may be.'),
    ('MM022', 'marketing_identity_kept', '{column} of marketing.{table} does not change', 'The row is known elsewhere by it; make another.'),

    -- ingest
    ('MM030', 'metric_rows_refused', 'the rows are not accepted: {problem}', 'Nothing was written. The detail lists the first 20 problems (index counts from 0); the comment on the function says what a row may be.'),
    ('MM031', 'sync_running', 'synchronisation {sync_id} of account {account_id} is running since {started_at}, last heard of at {heartbeat_at}', 'Wait for its end; who is silent for half an hour is given up.'),
    ('MM032', 'sync_ended', 'synchronisation {sync_id} has ended: {status}', 'Start another with marketing.sync_start: it is told where to go on.'),
    ('MM033', 'sync_not_found', 'no synchronisation has that token', 'Give the token that marketing.sync_start returned.'),
    ('MM034', 'metric_month_archived', 'the facts of {month} are in the archive', 'Restore the month with moadb archive restore, then load.'),
    ('MM035', 'sync_batch_reused', 'other rows were loaded as batch {batch_id} of synchronisation {sync_id}', 'A batch has one content; give another batch its own name.'),
    ('MM036', 'metric_repeated', 'campaign {campaign_id} has several rows of one snapshot for the same time of {date}', 'Nothing was written. Rows that split a day (by device, ad group, …) are summed before they are loaded.'),

    -- imports and conversions
    ('MM050', 'fact_rows_refused', '{refused} of {sent} rows are refused; {problem}', 'The detail lists up to 20 of them; nothing was written.'),
    ('MM051', 'conversions_not_additive', 'conversions of {combinations} actions, models or windows count the same purchases again and are not added up', 'Say which action, model and windows are meant; the detail lists the choices.'),
    ('MM052', 'metric_not_additive', '{metric} from {from} to {to} by {by} is not known, and cannot be added up from anything else', 'Ask for a campaign and exactly a window that was recorded; the detail lists them.'),
    ('MM055', 'import_not_found', 'import {import_id} is not there to go on with', 'Begin anew with marketing.import_open; what was loaded is loaded, and counted as unchanged.'),
    ('MM056', 'import_account_unknown', 'ad account {account} is not known', 'Connect it with marketing.connect_account; the detail lists all that are not known.'),
    ('MM057', 'import_not_loaded', '{slices} slices of import {import_id} are not loaded yet', 'Load them with marketing.import_load.'),
    ('MM058', 'import_workspace_unknown', 'there is no workspace ''{workspace}'', or more than one', 'Give its id; marketing.create_workspace makes one.'),
    ('MM059', 'import_account_alike', '{platform} account {account} is not known, and {known} is', 'Give that id. If it is another account, connect yours with marketing.connect_account before.'),
    ('MM060', 'import_campaign_ambiguous', 'several campaigns are named ''{campaign}'': {ids}', 'Export the file with a column of campaign ids.'),

    -- roll-ups and rates
    ('MM070', 'rate_missing', 'there is no rate from {from} to {to}', 'Set one with marketing.set_rates; either direction of the pair, or both through a third currency, suffice.'),
    ('MM071', 'rate_stale', 'the last rate from {from} to {to} before {date} is of {last}, {age} days old: at most {max_age} are accepted', 'Set the missing rates with marketing.set_rates.'),
    ('MM072', 'rates_invalid', 'some of the rates cannot be taken, so none was', 'The detail''s rows say which, by index from 0, and why.'),
    ('MM073', 'days_archived', 'the days {from} to {to} are in the archive', 'Restore them with moadb archive restore, or ask for whole weeks or months.'),

    -- budgets
    ('MM090', 'budget_not_found', 'there is no budget {budget_id}', 'Check the id; a budget is seen by members of its workspace.'),
    ('MM091', 'budget_closed', 'budget {budget_id} was closed at {closed_at}', 'Make a new one: a closed budget stays as it is.'),
    ('MM092', 'budget_invalid', 'the budget is not accepted: {problem}', 'The comment on marketing.create_budget, and those on the columns of marketing.budgets, say what its terms may be.'),
    ('MM093', 'budget_campaigns_invalid', 'the campaigns of the budget are not accepted: {problem}', 'Name at least one, of accounts that are connected to the workspace, of a budget made for campaigns.'),
    ('MM094', 'budget_isolation_level', 'what budgets spend is not written in a transaction that is {isolation}', 'Run it under READ COMMITTED: an older snapshot would not show what was loaded meanwhile.'),
    ('MM095', 'budget_not_divisible', 'budget {budget_id} cannot be divided: {problem}', 'Choose a budget that has something left, and whose campaigns have been running.'),

    -- insights
    ('MM110', 'insight_not_found', 'there is no insight {insight_id}', 'Check the id; whoever is no member of its workspace does not see it.'),
    ('MM111', 'insight_decided', 'insight {insight_id} is {state}: it cannot be told to {operation}', 'marketing.list_insights shows its status.'),
    ('MM112', 'insight_rule_invalid', 'rule {rule} is not accepted: {problem}', 'The comments on the columns of marketing.insight_rules say what they may be.'),
    ('MM114', 'insight_invalid', 'the insight is not accepted: {problem}', 'The comment on marketing.add_insight says what it may be.'),

    -- reports
    ('MM130', 'report_not_found', 'there is no report {report_id}', 'Check the id; a report is seen by members of its workspace.'),
    ('MM131', 'report_config_invalid', 'the configuration is not accepted: {key} {value}: {problem}', 'The comment on marketing.request_report lists what a configuration may hold.'),
    ('MM132', 'report_period_invalid', 'there is no report from {from} to {to}: {problem}', 'Give both days of a custom report; for the others a day of the period, or none for the last one that is over.'),
    ('MM133', 'report_not_running', 'task {task_id} is not of a report that is being made', 'The report was cancelled: delete the files.'),
    ('MM134', 'report_state_refused', 'report {report_id} is {status}: {problem}', 'marketing.v_reports says how reports stand.'),
    ('MM135', 'report_schedule_not_found', 'there is no schedule {schedule_id}', 'Check the id; a schedule is seen by members of its workspace.'),

    -- archive
    ('MM150', 'archive_partition_not_found', '{table} has no partition that begins on {date_from}', 'marketing.list_archivable shows those that can be archived.'),
    ('MM151', 'archive_rows_changed', 'the rows of {table} from {date_from} have changed since they were exported ({exported}, now {rows})', 'Nothing was removed; export the partition again.'),
    ('MM152', 'already_archived', 'the rows of {table} from {date_from} are in a file already', 'marketing.list_archives shows where.'),
    ('MM153', 'archive_not_found', 'there is no archive {archive_id}', 'marketing.list_archives shows those that there are.'),
    ('MM154', 'archive_restored', 'the rows of archive {archive_id} are back in the database', 'There is nothing to restore.'),
    ('MM155', 'archive_rows_differ', 'the rows to restore are not those of archive {archive_id} ({archived}, there are {rows})', 'Nothing was restored; check the file with moadb archive verify.'),
    ('MM156', 'archive_columns_changed', 'the columns of {table} are not those that were exported', 'Export the partition again; an archive from before a migration is restored by the version of moadb that its manifest names.'),
    ('MM157', 'archive_not_past', 'the partition of {table} from {date_from} ends on {date_to}: it is not over', 'Only months that have ended are archived.'),
    ('MM158', 'archive_isolation_level', 'the transaction is {isolation}, not {needed}', 'Begin it as the comment on the function says.'),
    ('MM159', 'restore_not_open', 'no table was made for archive {archive_id}', 'Call marketing.restore_open first, in the same transaction.'),
    ('MM160', 'archive_type_unsupported', 'columns of type {type} are not archived', 'Teach marketing._archive_fields and moadb.parquet to write it.')
), removed as (
  delete from platform.error_codes as e
  where e.schema_name = 'marketing'
    and not exists (select from defined as d where d.sqlstate = e.sqlstate)
)
insert into platform.error_codes as e (sqlstate, name, schema_name, message, hint)
select d.sqlstate, d.name, 'marketing', d.message, d.hint
from defined as d
on conflict (sqlstate) do update
set name = excluded.name, schema_name = excluded.schema_name, message = excluded.message, hint = excluded.hint;
