# shellcheck shell=bash
# `up`: from a checkout to an ISP that serves.

up() {
    local demo=yes detach=no option
    for option in "$@"; do
        case $option in
            --no-demo) demo=no ;;
            --detach) detach=yes ;;
            *) die "$EXIT_USAGE" "up does not know '$option'. See ./easyisp help" ;;
        esac
    done
    make_data_directories
    exec 9>"$RUN/lock"
    if any_running || ! flock -n 9; then
        say_already_running
        return
    fi
    demo=$(settle_demo "$demo")
    STARTED=(portal radius web)
    [[ $demo == no ]] || STARTED+=(emulators)

    require_sdk
    require_disk_space "$DATA"
    require_free_addresses
    build
    # From here on, what is started is stopped again unless all of it comes up.
    trap 'trap "" INT TERM HUP; stop_everything; rm -f "$RUN/supervisor.pid"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    remember_process supervisor $$
    clear_unfinished_demonstration
    [[ $demo == no || -n ${EASYISP_DB:-} ]] || has_private_cluster || : >"$SECRETS/unfinished"
    start_database
    prepare
    if [[ $demo == yes ]]; then seed; else ensure_super_admin; fi
    start_all
    say_addresses
    if [[ $detach == yes ]]; then
        rm -f "$RUN/supervisor.pid"
        trap - EXIT
        say "It runs in the background; ./easyisp down stops it."
        return
    fi
    trap 'say ""; exit 0' INT TERM HUP
    say "Ctrl-C stops it all."
    watch_processes
}

say_already_running() {
    if ! any_running; then
        say "Another ./easyisp up is starting this installation."
    else
        say "EasyISP is running already."
        say_addresses
        local name
        for name in portal radius web; do
            running "$name" || warn "easyisp: but $name is down. ./easyisp down, then ./easyisp up, starts all anew."
        done
    fi
}

# An installation that began without demonstration never gets one by a forgotten option.
settle_demo() {
    if [[ $1 == no && ! -e $SECRETS/sign-ins ]]; then
        : >"$SECRETS/no-demo"
    elif [[ $1 == yes && -e $SECRETS/no-demo ]]; then
        warn "This installation was begun with --no-demo and stays without demonstration data."
        say no
        return
    fi
    say "$1"
}

build() {
    step "building"
    rotate_log "$LOGS/build.log"
    if ! (cd "$ROOT" && dotnet build EasyIsp.Run.slnf -c Release -v minimal 9>&-) >"$LOGS/build.log" 2>&1; then
        show_tail "$LOGS/build.log" 25
        die "$EXIT_FAILED" "the build failed."
    fi
}

start_database() {
    if [[ -n ${EASYISP_DB:-} ]]; then
        step "using the PostgreSQL of EASYISP_DB"
        ! has_private_cluster || say "  The private one, $DATA/postgres, is left as it is."
        use_given_postgres
    elif [[ -e $SECRETS/connections.env && ! -s $SECRETS/postgres ]]; then
        die "$EXIT_NO_POSTGRES" "this installation was made on a PostgreSQL of yours: give EASYISP_DB again, or another EASYISP_DATA."
    else
        step "starting PostgreSQL"
        start_private_postgres 9>&-
    fi
}

# Until the seed has ended, the new private database holds nothing but the demonstration: one that was interrupted
# would have no sign-ins. Whatever is begun next, begins without it.
clear_unfinished_demonstration() {
    [[ -z ${EASYISP_DB:-} && -e $SECRETS/unfinished ]] || return 0
    step "clearing away a demonstration that was interrupted"
    stop_private_postgres
    rm -rf "$(cluster_directory)" "$DATA/postgres" "$SECRETS/unfinished"
}

# Roles, database, migrations, the certificate of the key ring: the product's own command, safe to repeat.
prepare() {
    step "preparing the database"
    rotate_log "$LOGS/prepare.log"
    if ! (
        cd "$ROOT/$(project_of web)" || exit
        unset EASYISP_DB
        ConnectionStrings__Admin=$ADMIN_DB Prepare__SecretsPath=$SECRETS \
            dotnet "$(program_of web)" prepare 9>&-
    ) >"$LOGS/prepare.log" 2>&1; then
        show_tail "$LOGS/prepare.log"
        die "$EXIT_FAILED" "the database could not be prepared."
    fi
    [[ -s $SECRETS/connections.env ]] || die "$EXIT_FAILED" "prepare left no $SECRETS/connections.env."
    chmod 600 "$SECRETS/connections.env"
}

# The sign-ins are secrets like others: to the screen and to the secrets directory, not to a log.
seed() {
    step "making the demonstration"
    rotate_log "$LOGS/seed.log"
    if ! run_command emulators seed 2>"$LOGS/seed.log" >"$RUN/seed.out"; then
        rm -f "$RUN/seed.out"
        show_tail "$LOGS/seed.log"
        die "$EXIT_FAILED" "the demonstration could not be made."
    fi
    ! grep '^sign-in: ' "$RUN/seed.out" >"$RUN/sign-ins" || write_secret "$SECRETS/sign-ins" <"$RUN/sign-ins"
    grep -v '^sign-in: ' "$RUN/seed.out" >>"$LOGS/seed.log" || :
    rm -f "$RUN/seed.out" "$RUN/sign-ins" "$SECRETS/unfinished"
}

ensure_super_admin() {
    if [[ -t 0 && -t 1 ]]; then
        run_command web create-super-admin --if-missing || die "$EXIT_FAILED" "there is no super admin yet."
    else
        say "  No terminal here to ask for a first super admin; if there is none yet: ./easyisp up --no-demo in one."
    fi
}

start_all() {
    local name
    for name in "${STARTED[@]}"; do
        rotate_log "$LOGS/$name.log"
        step "starting $name"
        start_process "$name"
    done
    for name in "${STARTED[@]}"; do
        wait_ready "$name" || die "$EXIT_FAILED" "nothing is left running."
    done
}

say_addresses() {
    say ""
    say "  Console      $WEB_URL"
    say "  Portal       $PORTAL_URL"
    say "  RADIUS       $RADIUS_ADDRESS, authentication $RADIUS_AUTH_PORT/udp, accounting $RADIUS_ACCT_PORT/udp, RadSec $RADSEC_PORT/tcp"
    if running emulators; then
        say "  Emulators    $EMULATORS_URL"
        if [[ -s $SECRETS/sign-ins ]]; then
            say ""
            say "  Demonstration sign-ins"
            local role mail password
            while read -r _ role mail password; do
                printf '    %-14s %-32s %s\n' "$role" "$mail" "$password"
            done <"$SECRETS/sign-ins"
        fi
    fi
    say ""
}
