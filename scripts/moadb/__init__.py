"""moadb: product backends that live inside PostgreSQL, and the tool that deploys and operates them."""

__version__ = "0.1.0"
