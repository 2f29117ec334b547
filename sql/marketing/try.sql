-- the workspaces
select;
