"""Who took a registered letter to deliver it; NULL: it lay in the tray."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more column, empty for what has left already."""
    op.add_column("messages", sa.Column("carrier", sa.String()))
