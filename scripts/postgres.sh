# shellcheck shell=bash
# PostgreSQL: a private server (of an installation, or of one test run), or one that the operator gives.

readonly PG_OLDEST=15

# find_postgres [MAJOR]: sets PG_BIN to the newest server's programs, or to that version's.
find_postgres() {
    local directory major best=0 wanted=${1:-} number='[0-9]+'
    PG_BIN=
    for directory in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "$(pg_config --bindir 2>/dev/null || :)"; do
        [[ -x $directory/initdb && -x $directory/postgres ]] || continue
        [[ $("$directory/postgres" --version) =~ $number ]] && major=${BASH_REMATCH[0]}
        [[ -z $wanted || $major == "$wanted" ]] || continue
        ((major < PG_OLDEST || major <= best)) || { best=$major PG_BIN=$directory; }
    done
    [[ -n $PG_BIN ]]
}

require_postgres() {
    find_postgres && return 0
    install_postgresql
    find_postgres || die "$EXIT_NO_POSTGRES" \
        "PostgreSQL $PG_OLDEST or later is needed, and this system's package is older. See https://www.postgresql.org/download/"
}

# PostgreSQL refuses to run as root; its own system user runs it then. From /, which every user may enter.
as_postgres() {
    if ((EUID == 0)); then
        (cd / && exec runuser -u postgres -- "$@")
    else
        (cd / && exec "$@")
    fi
}

# make_cluster DIRECTORY PASSWORD_FILE: whole or not at all, so that an interrupted first start leaves nothing to mend.
make_cluster() {
    local directory=$1 new=$1.new password
    if ((EUID == 0)) && ! id postgres >/dev/null 2>&1; then
        die "$EXIT_NO_POSTGRES" "PostgreSQL's programs are here, but not its system user 'postgres': add it, or run as an ordinary user."
    fi
    rm -rf "$new" && mkdir -m 700 "$new" && password=$(mktemp "${directory%/*}/.password.XXXXXX")
    cat "$2" >"$password"
    ((EUID != 0)) || chown postgres: "$new" "$password"
    # One collation on every machine: the C library's languages change their order with its version, and break indexes.
    if ! as_postgres "$PG_BIN/initdb" -D "$new" --username=postgres --pwfile="$password" --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C.UTF-8 --data-checksums >"$new.log" 2>&1; then
        show_tail "$new.log"
        rm -rf "$new" "$new.log" "$password"
        die "$EXIT_NO_POSTGRES" "the private PostgreSQL could not be made in $directory."
    fi
    rm -f "$password" "$new.log"
    as_postgres tee -a "$new/postgresql.conf" >/dev/null <<'CONF'

# EasyISP's private server: TCP on loopback, with a password, and no socket in a directory that others share.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
# A failed CREATE ROLE would write its password into the log.
log_min_error_statement = panic
CONF
    mv "$new" "$directory"
}

# start_cluster DIRECTORY PORT [SETTING=VALUE...]
start_cluster() {
    local directory=$1 port=$2 options="-p $2" setting
    for setting in "${@:3}"; do options+=" -c $setting"; done
    as_postgres "$PG_BIN/pg_ctl" -D "$directory" -l "$directory/server.log" -w -t 60 -o "$options" start >/dev/null || {
        show_tail "$directory/server.log"
        die "$EXIT_NO_POSTGRES" "the private PostgreSQL did not start on port $port."
    }
}

postmaster_of() { head -n 1 "$1/postmaster.pid" 2>/dev/null; }

# A postmaster.pid may outlive its server (after a power cut), and the pid may be another program's by then.
cluster_running() {
    local pid
    pid=$(postmaster_of "$1") && { tr '\0' '\n' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -xF "$1" >/dev/null
}

stop_cluster() {
    ! cluster_running "$1" || as_postgres "$PG_BIN/pg_ctl" -D "$1" -m fast -w -t 60 stop >/dev/null
}

connection_string() { # PORT PASSWORD
    printf 'Host=127.0.0.1;Port=%s;Username=postgres;Password=%s;Database=postgres' "$1" "$2"
}

# Where the installation's own server keeps its data: .data/postgres, or a link to where its user may go.
cluster_directory() { readlink -m "$DATA/postgres"; }

has_private_cluster() { [[ -e $DATA/postgres || -L $DATA/postgres ]]; }

place_cluster() {
    has_private_cluster && return 0
    if ((EUID == 0)) && ! as_postgres test -x "$DATA"; then
        local place
        place=/var/lib/easyisp/$(printf %s "$DATA" | sha256sum | head -c 12)
        [[ ! -e $place ]] || die "$EXIT_NO_POSTGRES" \
            "$place holds the data of an installation that was at $DATA. Put it back with: ln -s $place $DATA/postgres"
        mkdir -p "${place%/*}"
        ln -s "$place" "$DATA/postgres"
        say "  The user 'postgres' may not enter $DATA, so the database lies in $place."
    fi
}

start_private_postgres() {
    local directory version
    require_postgres
    place_cluster
    directory=$(cluster_directory)
    if [[ ! -e $directory ]]; then
        say "  There is no database in $directory yet; making one."
        [[ -s $SECRETS/postgres ]] || random_password | write_secret "$SECRETS/postgres"
        make_cluster "$directory" "$SECRETS/postgres"
    fi
    [[ -s $SECRETS/postgres ]] || die "$EXIT_NO_POSTGRES" \
        "the database in $directory is here, but its password, $SECRETS/postgres, is not. Put $SECRETS back from the backup."
    version=$(as_postgres cat "$directory/PG_VERSION") ||
        die "$EXIT_NO_POSTGRES" "the database in $directory cannot be read."
    find_postgres "$version" || die "$EXIT_NO_POSTGRES" \
        "the data in $directory are PostgreSQL $version's, and that server is not installed. Install it: apt-get install postgresql-$version"
    ADMIN_DB=$(connection_string "$PG_PORT" "$(<"$SECRETS/postgres")")
    cluster_running "$directory" && return 0
    start_cluster "$directory" "$PG_PORT"
}

stop_private_postgres() {
    has_private_cluster && find_postgres "$(as_postgres cat "$(cluster_directory)/PG_VERSION" 2>/dev/null)" || return 0
    stop_cluster "$(cluster_directory)"
}

# use_given_postgres: EASYISP_DB is Npgsql's form of a connection string; psql takes the same things from its environment.
use_given_postgres() {
    local version answer
    ADMIN_DB=$EASYISP_DB
    if ! command -v psql >/dev/null; then
        say "  psql is not installed here, so the first one to try the given server is EasyISP itself."
        return 0
    fi
    answer=$(export_psql_environment "$EASYISP_DB" && psql -XAtqw -c 'show server_version_num' 2>&1) ||
        die "$EXIT_NO_POSTGRES" "the PostgreSQL of EASYISP_DB does not answer: $answer"
    version=$((answer / 10000))
    ((version >= PG_OLDEST)) ||
        die "$EXIT_NO_POSTGRES" "the PostgreSQL of EASYISP_DB is version $version; $PG_OLDEST or later is needed."
}

# export_psql_environment CONNECTION_STRING: key=value pairs split by ';', a value with ';' in it in quotes.
export_psql_environment() {
    local rest=$1 key value quote
    local pattern='^[[:space:];]*([^=;]+)=[[:space:]]*(.*)$'
    export PGCONNECT_TIMEOUT=10 PGDATABASE=postgres
    while [[ $rest =~ $pattern ]]; do
        key=${BASH_REMATCH[1],,} rest=${BASH_REMATCH[2]} quote=${BASH_REMATCH[2]:0:1}
        if [[ $quote == [\"\'] && ${rest:1} == *"$quote"* ]]; then
            value=${rest:1} value=${value%%"$quote"*} rest=${rest:${#value}+2}
        else
            value=${rest%%;*} rest=${rest:${#value}}
        fi
        case ${key//[[:space:]]/} in
            host | server) export PGHOST=$value ;;
            port) export PGPORT=$value ;;
            username | userid | user | uid) export PGUSER=$value ;;
            password | pwd | psw) export PGPASSWORD=$value ;;
            database | db) export PGDATABASE=$value ;;
            sslmode) case ${value,,} in verifyca) export PGSSLMODE=verify-ca ;; verifyfull) export PGSSLMODE=verify-full ;; *) export PGSSLMODE=${value,,} ;; esac ;;
        esac
    done
}

# A server for one run of tests or benchmarks, in a directory of its own that goes when the run ends.
start_passing_postgres() { # [SETTING=VALUE...]
    local port
    RUN_DIRECTORY=$(mktemp -d "${TMPDIR:-/tmp}/easyisp-run.XXXXXX")
    chmod 711 "$RUN_DIRECTORY"
    random_password | write_secret "$RUN_DIRECTORY/password"
    make_cluster "$RUN_DIRECTORY/postgres" "$RUN_DIRECTORY/password"
    while port=$((20000 + RANDOM % 10000)) && port_taken tcp 127.0.0.1 "$port"; do :; done
    start_cluster "$RUN_DIRECTORY/postgres" "$port" max_connections=300 "$@"
    EASYISP_TEST_PG=$(connection_string "$port" "$(<"$RUN_DIRECTORY/password")")
    export EASYISP_TEST_PG
}

stop_passing_postgres() {
    [[ -n ${RUN_DIRECTORY:-} ]] || return 0
    stop_cluster "$RUN_DIRECTORY/postgres" || :
    rm -rf "$RUN_DIRECTORY"
}
