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
    ('MM009', 'marketing_user_not_found', 'there is no user {user_id}', 'Check the id; one that is not active cannot act.')

    -- ingest

    -- imports and conversions

    -- roll-ups and rates
    ,('MM070', 'rate_missing', 'there is no rate from {from} to {to}', 'Set one with marketing.set_rates; either direction of the pair, or both through a third currency, suffice.'),
    ('MM071', 'rate_stale', 'the last rate from {from} to {to} before {date} is of {last}, {age} days old: at most {max_age} are accepted', 'Set the missing rates with marketing.set_rates.'),
    ('MM072', 'rates_invalid', 'some of the rates cannot be taken, so none was', 'The detail''s rows say which, by index from 0, and why.'),
    ('MM073', 'days_archived', 'the days {from} to {to} are in the archive', 'Restore them with moadb archive restore, or ask for whole weeks or months.')

    -- budgets

    -- insights

    -- reports

    -- archive
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
