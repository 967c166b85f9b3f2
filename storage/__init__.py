"""Memory (floor 1): rows, the writer, the outbox, leases, coordination. Knows only config."""

import logging

# Alembic tells every plug-in and step at INFO, the first while it is imported by storage.migrate.
logging.getLogger("alembic").setLevel(logging.WARNING)
