#!/bin/sh
# Run once by the PostgreSQL image, when its data folder is empty: a role for Relance that owns its one database,
# and a role for Temporal, which creates its two databases itself. Neither is a superuser.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
     --set relance_password="$LEDGER_DB_PASSWORD" --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
CREATE ROLE relance LOGIN PASSWORD :'relance_password';
CREATE DATABASE relance OWNER relance TEMPLATE template0 ENCODING 'UTF8';
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal_password';
SQL
