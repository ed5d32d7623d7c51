#!/usr/bin/env bash
# The entry points of the image: web, portal, radius; `prepare` for the database; `ready` for the health check.
set -euo pipefail
# shellcheck source=scripts/common.sh
source /app/common.sh

SECRETS=${Prepare__SecretsPath:-/secrets}
name=${1:-web}
(($# == 0)) || shift

# What prepare wrote, but for the owner's connection: no process that serves may change the schema.
load_connections() {
    local line
    while IFS= read -r line; do
        [[ $line == ConnectionStrings__Owner=* || $line != [A-Za-z]*=* ]] || export "${line?}"
    done <"$SECRETS/connections.env"
}

enter() { # DIRECTORY PROGRAM ARGUMENT...
    cd "/app/$1"
    exec dotnet "${@:2}"
}

case $name in
    prepare) enter web EasyIsp.Web.dll prepare "$@" ;;
    ready) [[ $(health_of "http://127.0.0.1:8080") == 200 ]] ;;
    web) load_connections && enter web EasyIsp.Web.dll "$@" ;;
    portal) load_connections && enter portal EasyIsp.Portal.dll "$@" ;;
    radius) load_connections && enter radius EasyIsp.Radius.dll "$@" ;;
    *) die "$EXIT_USAGE" "there is no entry point '$name': web, portal, radius, prepare or ready." ;;
esac
