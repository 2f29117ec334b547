"""The deploy engine: what `moadb migrate`, `rollback`, `status`, `verify` and `new` do.

It applies two kinds of files. Versions (migrations/) run once, in order. Repeatables (everything else) run again when
their text changes. What it has done stands in schema moadb of the database, in the transaction that did it.
"""

from moadb.deploy.engine import Ran
from moadb.deploy.events import Event, Progress
from moadb.deploy.migrate import Deployment, migrate, plan
from moadb.deploy.new import new
from moadb.deploy.plan import Plan
from moadb.deploy.rollback import rollback
from moadb.deploy.status import Status, status
from moadb.deploy.verify import Finding, accept, verify

__all__ = [
    "Deployment",
    "Event",
    "Finding",
    "Plan",
    "Progress",
    "Ran",
    "Status",
    "accept",
    "migrate",
    "new",
    "plan",
    "rollback",
    "status",
    "verify",
]
