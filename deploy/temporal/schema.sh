#!/bin/sh
# Creates Temporal's databases where they are missing and brings their tables to the newest version that the tool knows. Running it again changes nothing.
set -eu

tool() {
  database=$1
  shift
  temporal-sql-tool --plugin "$DB" --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" --database "$database" "$@"
}

prepare() {
  tool "$1" create-database --defaultdb postgres
  tool "$1" setup-schema --version 0.0
  tool "$1" update-schema --schema-name "postgresql/v12/$2"
}

prepare "$DBNAME" temporal
prepare "$VISIBILITY_DBNAME" visibility
