-- what each channel brought in the last four weeks: ratios of sums, in the workspace's currency
select p.group_name as channel, p.currency, round(p.cost) as cost, p.conversions, p.roas, p.missing_rates
from marketing.workspaces as w
cross join lateral marketing.performance(w.id, current_date - 28, current_date - 1, p_by => 'channel') as p
where w.name = '한빛 에이전시'
order by p.cost desc nulls last;

-- where the budgets stand, and how they will end
select b.name, p.currency, p.total_amount, p.spent_amount, p.expected_amount, p.projected_amount, p.run_out_date, p.status
from marketing.budgets as b
cross join lateral marketing.budget_pacing(b.id) as p
order by b.id
limit 3;

-- who sees which accounts: one row each, however many workspaces have it
select a.platform, a.account_name, a.currency, a.time_zone, string_agg(w.name, ', ' order by w.name) as workspaces
from marketing.marketing_accounts as a
join marketing.account_connections as c on c.marketing_account_id = a.id and c.disconnected_at is null
join marketing.workspaces as w on w.id = c.workspace_id
group by a.id
order by a.id;
