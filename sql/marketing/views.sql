-- Views read with the rights of whoever asks (security_invoker), so that row-level security of the tables holds in them. They show base
-- measures: a ratio of sums is marketing.performance's, and the ratios of single rows are nobody's to add up.

-- workspaces and accounts

-- ingest

-- imports and conversions

-- roll-ups and rates

-- budgets

-- insights

-- reports

-- archive
