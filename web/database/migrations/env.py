"""How Alembic meets our tables; `web.database.migrating` hands over the connection."""

from alembic import context

from web.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
