# shellcheck shell=bash
# What every command needs: words for the operator, settings, secrets, and questions to the network that need
# no program beyond bash (a fresh machine may have neither curl nor ss).

readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_NO_SDK=3 EXIT_TAKEN=4 EXIT_NO_POSTGRES=5 EXIT_NO_SPACE=6 EXIT_NO_RIGHTS=7

say() { printf '%s\n' "$*"; }
step() { printf '· %s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

die() {
    local code=$1
    shift
    warn "easyisp: $*"
    exit "$code"
}

# Settings come from the environment alone; the defaults listen on loopback alone.
load_settings() {
    WEB_URL=${EASYISP_WEB_URL:-http://127.0.0.1:5080}
    PORTAL_URL=${EASYISP_PORTAL_URL:-http://127.0.0.1:5081}
    RADIUS_URL=${EASYISP_RADIUS_URL:-http://127.0.0.1:5082}
    EMULATORS_URL=${EASYISP_EMULATORS_URL:-http://127.0.0.1:5090}
    RADIUS_ADDRESS=${EASYISP_RADIUS_ADDRESS:-127.0.0.1}
    RADIUS_AUTH_PORT=${EASYISP_RADIUS_AUTH_PORT:-1812}
    RADIUS_ACCT_PORT=${EASYISP_RADIUS_ACCT_PORT:-1813}
    RADSEC_PORT=${EASYISP_RADSEC_PORT:-2083}
    PG_PORT=${EASYISP_PG_PORT:-54329}
    DATA=${EASYISP_DATA:-$ROOT/.data}
    [[ $DATA == /* ]] || DATA=$PWD/$DATA
    SECRETS=$DATA/secrets RUN=$DATA/run LOGS=$DATA/logs

    local url number
    for url in "$WEB_URL" "$PORTAL_URL" "$RADIUS_URL" "$EMULATORS_URL"; do
        [[ $url =~ ^http://[^/:]+:[0-9]+/?$ || $url =~ ^http://\[[0-9a-fA-F:]+\]:[0-9]+/?$ ]] ||
            die "$EXIT_USAGE" "'$url' is not an address like http://127.0.0.1:5080 (TLS is the reverse proxy's work)."
    done
    for number in "$RADIUS_AUTH_PORT" "$RADIUS_ACCT_PORT" "$RADSEC_PORT" "$PG_PORT"; do
        [[ $number =~ ^[1-9][0-9]{0,4}$ ]] || die "$EXIT_USAGE" "'$number' is not a port."
    done
}

# One account owns an installation: mixed owners end in secrets that half of the processes cannot read.
require_data_owner() {
    local owner
    [[ -e $DATA ]] || return 0
    owner=$(stat -c %u "$DATA")
    ((owner == EUID)) ||
        die "$EXIT_NO_RIGHTS" "$DATA belongs to $(stat -c %U "$DATA"): run this as that user, or give another EASYISP_DATA."
}

make_data_directories() {
    require_data_owner
    # The database's own user passes through the data directory, and through nothing below it but its cluster.
    mkdir -p "$DATA" && chmod 711 "$DATA"
    mkdir -p "$SECRETS" "$RUN" "$LOGS"
    chmod 700 "$SECRETS" "$RUN" "$LOGS"
}

require_disk_space() {
    local place=$1 free
    while [[ ! -e $place ]]; do place=$(dirname "$place"); done
    free=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
    ((free >= 1536 * 1024)) ||
        die "$EXIT_NO_SPACE" "only $((free / 1024)) MB are free where $place lies; 1536 MB are needed."
}

require_sdk() {
    # Where Microsoft's install script puts it, which a login shell does not search by itself.
    command -v dotnet >/dev/null || PATH=$PATH:$HOME/.dotnet
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
    local found
    if ! command -v dotnet >/dev/null; then
        found="The .NET SDK is not installed."
    elif (cd "$ROOT" && dotnet --version) >/dev/null 2>&1; then
        return 0
    else
        found="This .NET SDK does not serve: 10.0.100 or later is needed, and there is: $(dotnet --list-sdks | awk '{ print $1 }' | xargs)"
    fi
    warn "easyisp: $found"
    warn "  Get it:  https://dotnet.microsoft.com/download/dotnet/10.0"
    warn "  or:      curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
    warn "           (it goes to ~/.dotnet, where this script finds it)"
    exit "$EXIT_NO_SDK"
}

# write_secret FILE: keeps standard input where only the owner reads it; whole or not at all.
write_secret() {
    (umask 077 && cat >"$1.new" && mv -f "$1.new" "$1")
}

random_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Each start begins a new log and keeps the one before.
rotate_log() { [[ ! -s $1 ]] || mv -f "$1" "$1.1"; }

show_tail() {
    [[ -f $1 ]] || return 0
    warn "  last lines of $1:"
    tail -n "${2:-20}" "$1" | sed 's/^/    /' >&2
}

host_of() { local host=${1#http://}; host=${host%/}; printf '%s' "${host%:*}"; }
port_of() { local port=${1%/}; printf '%s' "${port##*:}"; }

# health_of URL: the status code of /health/ready, or nothing when nobody answers within three seconds.
health_of() {
    local host port status
    host=$(host_of "$1") port=$(port_of "$1")
    case $host in
        '*' | + | 0.0.0.0 | '[::]') host=127.0.0.1 ;;
        '['*) host=${host#[} host=${host%]} ;;
    esac
    # shellcheck disable=SC2016  # the inner bash expands these
    status=$(timeout 3 bash -c '
        exec 3<>"/dev/tcp/$0/$1" || exit 1
        printf "GET /health/ready HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n" "$0" "$1" >&3
        read -r _ code _ <&3 && printf %s "$code"' "$host" "$port" 2>/dev/null) || return 0
    printf '%s' "$status"
}

# port_taken tcp|udp HOST PORT: whether binding there would fail. The kernel's tables show addresses in hexadecimal.
port_taken() {
    local protocol=$1 host=$2 hex any='00000000|00000000000000000000000000000000' wanted='[0-9A-F]+' a b c d
    hex=$(printf '%04X' "$3")
    [[ $host == localhost ]] && host=127.0.0.1
    if [[ $host =~ ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$ && $host != 0.0.0.0 ]]; then
        IFS=. read -r a b c d <<<"$host"
        wanted="$(printf '%02X%02X%02X%02X' "$d" "$c" "$b" "$a")|$any"
    fi
    # State 0A is a listening TCP socket; UDP sockets count as they are.
    cat "/proc/net/$protocol" "/proc/net/${protocol}6" 2>/dev/null |
        awk -v protocol="$protocol" -v wanted="^($wanted):$hex\$" \
            '(protocol == "udp" || $4 == "0A") && $2 ~ wanted { found = 1 } END { exit !found }'
}
