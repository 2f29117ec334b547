"""The deploy engine: migrate, plan, rollback, status, verify."""

from moadb.deploy.events import Event, Progress
from moadb.deploy.migrate import Deployment, migrate, plan
from moadb.deploy.plan import Plan

__all__ = ["Deployment", "Event", "Plan", "Progress", "migrate", "plan"]
