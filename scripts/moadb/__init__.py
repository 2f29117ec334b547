"""moadb: product backends that live inside PostgreSQL, and the tool that deploys and operates them."""

__version__ = "0.1.0"

OLDEST_SERVER = 15  # the oldest major version of PostgreSQL that the SQL is written for
