"""How a debtor pays, and in whose words a message speaks: for profiles and for the comparison of letters.

The new columns of cases known before stay empty until their next event; their letters have no wording to compare.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("cases", sa.Column("settled_on", sa.Date()))
    op.add_column("cases", sa.Column("promises_broken", sa.Integer(), nullable=False, server_default="0"))
    for name in ("rung", "variant", "profile"):
        op.add_column("messages", sa.Column(name, sa.String()))
