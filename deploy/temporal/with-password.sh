#!/bin/sh
# Runs what follows with the database's password in its environment, where Temporal's programs look for it, out of the secret's file.
set -eu
password=$(cat "$POSTGRES_PWD_FILE")
export POSTGRES_PWD="$password" SQL_PASSWORD="$password"
exec "$@"
