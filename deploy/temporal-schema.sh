#!/bin/sh
# One-shot, before the Temporal server: creates its two databases and brings their schema to this image's version.
# Each command does nothing when its work is already done, so it runs at every start and at every upgrade.
# The password comes in SQL_PASSWORD.
set -eu

for database in temporal temporal_visibility; do
    versions=/etc/temporal/schema/postgresql/v12/${database#temporal_}/versioned
    for action in "create" "setup-schema -v 0.0" "update-schema -d $versions"; do
        # $action is a command with its options: it must be split.
        # shellcheck disable=SC2086
        temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" \
            --db "$database" $action
    done
done
echo "The Temporal schemas are up to date."
