# shellcheck shell=bash
# EasyISP's processes: start, watch, stop. In starting order; they stop in the opposite one.

readonly ALL_PROCESSES=(portal radius web emulators)
readonly STOP_SECONDS=15 READY_SECONDS=60 RESTARTS=3

url_of() {
    case $1 in
        web) say "$WEB_URL" ;;
        portal) say "$PORTAL_URL" ;;
        radius) say "$RADIUS_URL" ;;
        emulators) say "$EMULATORS_URL" ;;
    esac
}

# The project's directory is the process's content root: its settings and wwwroot lie there.
project_of() {
    case $1 in
        web) say EasyIsp.Web ;;
        portal) say EasyIsp.Portal ;;
        radius) say EasyIsp.Radius ;;
        emulators) say tests/EasyIsp.Emulators ;;
    esac
}

program_of() {
    local project
    project=$ROOT/$(project_of "$1")
    say "$project/bin/Release/net10.0/${project##*/}.dll"
}

# A pid alone may be another program's by now; a pid with its start time is one process for ever.
started_at() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # The name in parentheses may hold spaces; after it, state is the first field and the start time the twentieth.
    read -ra stat <<<"${stat##*) }"
    [[ ${stat[0]} != Z ]] && printf '%s' "${stat[19]}"
}

remember_process() { printf '%s %s\n' "$2" "$(started_at "$2")" >"$RUN/$1.pid"; }

# pid_of NAME: the process that this installation started under that name, if it still lives.
pid_of() {
    local pid started
    { read -r pid started <"$RUN/$1.pid"; } 2>/dev/null || return 1
    [[ -n $started && $(started_at "$pid") == "$started" ]] && printf '%s' "$pid"
}

running() { pid_of "$1" >/dev/null; }

any_running() {
    local name
    for name in "${ALL_PROCESSES[@]}"; do ! running "$name" || return 0; done
    return 1
}

# export_connections: what `prepare` wrote, line by line; the values hold spaces and ';', so the shell must not read them.
# The owner's connection stays out: nothing that faces a network may change the schema or pass by the policies.
export_connections() {
    local line
    while IFS= read -r line; do
        [[ $line == ConnectionStrings__Owner=* || $line != [A-Za-z]*=* ]] || export "${line?}"
    done <"$SECRETS/connections.env"
}

# enter_process NAME: makes this (sub)shell what the process expects around it.
enter_process() {
    export_connections
    export EASYISP_WEB_URL=$WEB_URL EASYISP_PORTAL_URL=$PORTAL_URL EASYISP_EMULATORS_URL=$EMULATORS_URL
    export EASYISP_RADIUS_ADDRESS=$RADIUS_ADDRESS
    export EASYISP_RADIUS_AUTH_PORT=$RADIUS_AUTH_PORT EASYISP_RADIUS_ACCT_PORT=$RADIUS_ACCT_PORT
    export Radius__Address=$RADIUS_ADDRESS Radius__AuthPort=$RADIUS_AUTH_PORT Radius__AcctPort=$RADIUS_ACCT_PORT
    export Radius__RadSec__Port=${Radius__RadSec__Port:-$RADSEC_PORT}
    export Radius__SpoolPath=${Radius__SpoolPath:-$DATA/spool}
    export Portal__PublicUrl=${Portal__PublicUrl:-$PORTAL_URL}
    ASPNETCORE_URLS=$(url_of "$1")
    export ASPNETCORE_URLS
    unset EASYISP_DB
    cd "$ROOT/$(project_of "$1")" || exit
}

# In a session of its own: Ctrl-C is for this script, which then stops the processes in order.
start_process() {
    (enter_process "$1" && exec setsid dotnet "$(program_of "$1")") >>"$LOGS/$1.log" 2>&1 </dev/null 9>&- &
    remember_process "$1" $!
}

run_command() { # NAME ARGUMENT...: one of the process's own commands, in the foreground
    (enter_process "$1" && exec dotnet "$(program_of "$1")" "${@:2}" 9>&-)
}

wait_ready() {
    local name=$1 until=$((SECONDS + READY_SECONDS))
    while ((SECONDS < until)); do
        [[ $(health_of "$(url_of "$name")") != 200 ]] || return 0
        if ! running "$name"; then
            warn "easyisp: $name ended while it was starting."
            show_tail "$LOGS/$name.log"
            return 1
        fi
        sleep 0.3
    done
    warn "easyisp: $name was not ready after $READY_SECONDS seconds."
    show_tail "$LOGS/$name.log"
    return 1
}

stop_process() {
    local name=$1 pid until=$((SECONDS + STOP_SECONDS))
    if pid=$(pid_of "$name"); then
        kill -TERM "$pid" 2>/dev/null || :
        while running "$name" && ((SECONDS < until)); do sleep 0.1; done
        if running "$name"; then
            warn "  $name did not stop within $STOP_SECONDS seconds and was killed."
            kill -KILL "$pid" 2>/dev/null || :
        fi
    fi
    rm -f "$RUN/$name.pid"
}

stop_everything() {
    local index
    for ((index = ${#ALL_PROCESSES[@]} - 1; index >= 0; index--)); do
        ! running "${ALL_PROCESSES[index]}" || step "stopping ${ALL_PROCESSES[index]}"
        stop_process "${ALL_PROCESSES[index]}"
    done
    stop_private_postgres
}

# watch_processes: restarts what dies, a few times; the others go on serving whatever happens to one.
watch_processes() {
    local name
    local -A deaths=() last=()
    while :; do
        for name in "${STARTED[@]}"; do
            if running "$name" || ((${deaths[$name]:-0} > RESTARTS)); then continue; fi
            # Ten minutes of health pay for an earlier death.
            ((SECONDS - ${last[$name]:-0} < 600)) || deaths[$name]=0
            deaths[$name]=$((${deaths[$name]:-0} + 1)) last[$name]=$SECONDS
            warn "easyisp: $(date '+%H:%M:%S') $name died."
            show_tail "$LOGS/$name.log"
            if ((deaths[$name] > RESTARTS)); then
                warn "easyisp: $name DIED $RESTARTS TIMES MORE AFTER BEING RESTARTED AND STAYS DOWN. The others go on."
                warn "  When its cause is mended: ./easyisp down, then ./easyisp up"
                continue
            fi
            pause 3
            warn "easyisp: starting $name again (${deaths[$name]} of $RESTARTS)."
            start_process "$name"
        done
        if [[ -z ${EASYISP_DB:-} ]] && ! cluster_running "$(cluster_directory)"; then
            warn "easyisp: $(date '+%H:%M:%S') PostgreSQL died; starting it again."
            show_tail "$(cluster_directory)/server.log"
            # Its children let go of the data when they find their parent gone, which takes them a moment.
            pause 5
            start_private_postgres 9>&-
        fi
        pause 1
    done
}

# Unlike a plain sleep, `wait` lets a signal's trap run at once.
pause() {
    sleep "$1" 9>&- &
    wait $!
}

# Another program, or another checkout's EasyISP, on an address that we need.
require_free_addresses() {
    local name url taken=()
    for name in "${STARTED[@]}"; do
        url=$(url_of "$name")
        ! port_taken tcp "$(host_of "$url")" "$(port_of "$url")" || taken+=("$name $url")
    done
    ! port_taken udp "$RADIUS_ADDRESS" "$RADIUS_AUTH_PORT" || taken+=("radius $RADIUS_ADDRESS:$RADIUS_AUTH_PORT/udp")
    ! port_taken udp "$RADIUS_ADDRESS" "$RADIUS_ACCT_PORT" || taken+=("radius $RADIUS_ADDRESS:$RADIUS_ACCT_PORT/udp")
    ! port_taken tcp "$RADIUS_ADDRESS" "$RADSEC_PORT" || taken+=("radius $RADIUS_ADDRESS:$RADSEC_PORT/tcp")
    if [[ -z ${EASYISP_DB:-} ]] && ! cluster_running "$(cluster_directory)" &&
        port_taken tcp 127.0.0.1 "$PG_PORT"; then
        taken+=("postgresql 127.0.0.1:$PG_PORT")
    fi
    ((${#taken[@]} > 0)) || return 0

    local other
    other=$(other_checkout)
    warn "easyisp: these addresses are taken by ${other:-other programs}:"
    printf '    %s\n' "${taken[@]}" >&2
    warn "  Stop what holds them, or choose others (./easyisp help names the variables)."
    exit "$EXIT_TAKEN"
}

other_checkout() {
    local file command program=' (/[^ ]*)/EasyIsp\.[A-Za-z]+/bin/Release/.*\.dll'
    for file in /proc/[0-9]*/cmdline; do
        command=$({ tr '\0' ' ' <"$file"; } 2>/dev/null) || continue
        [[ $command =~ $program ]] || continue
        if [[ ${BASH_REMATCH[1]} == "$ROOT"* ]]; then
            say "the EasyISP of this checkout, with another data directory"
        else
            say "the EasyISP of ${BASH_REMATCH[1]%/tests}"
        fi
        return
    done
}
