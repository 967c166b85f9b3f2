"""What Alembic runs for every step (迁移环境), on the connection of ``storage.migrate``.

There is no alembic.ini and no offline mode: one caller, one connection, one transaction around
all steps, so that a power cut or a fault in the third step leaves the schema as it was.
SQLite cannot change a column in place, so it gets batch mode (copy, swap).
"""

from alembic import context

from storage import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.MetaRow.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
