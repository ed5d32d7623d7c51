# shellcheck shell=bash
# `test` and `bench`: everything against a PostgreSQL of its own, which goes with the run.

readonly PROJECT_TIME_LIMIT=25m
PASSED=0 FAILED=0 SKIPPED=0

run_tests() {
    local projects=() filter=() target=$ROOT/EasyIsp.sln
    select_tests "$@"
    require_sdk
    require_disk_space "$ROOT"
    ! { [[ -d $RUN ]] && any_running; } ||
        warn "EasyISP runs from this checkout: if the sources have changed since, stop it first, for the build replaces its programs."
    install_test_tools

    trap 'stop_test_run' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    RESULTS=$ROOT/artifacts/test
    rm -rf "$RESULTS" && mkdir -p "$RESULTS"
    export EASYISP_ARTIFACTS=$RESULTS
    build_for_tests "$target"
    step "starting PostgreSQL for this run"
    # No autovacuum: whether it has counted a table yet decides how the table is read, and that would be chance.
    start_passing_postgres fsync=off synchronous_commit=off full_page_writes=off shared_buffers=256MB autovacuum=off

    ((${#filter[@]} > 0 || ${#projects[@]} == 1)) || audit_packages
    local project
    for project in "${projects[@]}"; do run_project "$project" "${filter[@]}"; done
    stop_test_run
    trap - EXIT
    report_tests
}

# The tests that compare these documents with the code write them first, when they are told so.
write_documents() {
    (($# == 0)) || die "$EXIT_USAGE" "docs takes no argument. See ./easyisp help"
    export EASYISP_RENEW_DOCS=1
    run_tests Web -method '*The_document_is_what_the_code_says'
}

# select_tests [PROJECT-OR-FILTER] [ARGUMENT...]: a project by any part of its name that is its own, else test names.
select_tests() {
    local directory name
    for directory in "$ROOT"/tests/*.Tests "$ROOT"/tests/EasyIsp.EndToEnd; do
        name=${directory##*/}
        [[ -f $directory/$name.csproj ]] || continue
        case ${1:-} in
            "") projects+=("$name") ;;
            "$name" | "${name#EasyIsp.}" | "${name%.Tests}" | "$(basename "${name#EasyIsp.}" .Tests)")
                projects=("$name") target=$directory filter=("${@:2}")
                return
                ;;
            *) projects+=("$name") filter=(-method "*$1*" "${@:2}") ;;
        esac
    done
}

build_for_tests() {
    local log=$RESULTS/build.log
    step "restoring and building"
    if ! (cd "$ROOT" && dotnet restore --locked-mode "$1" && dotnet build -c Release --no-restore "$1" -v minimal) \
        >"$log" 2>&1; then
        show_tail "$log" 40
        die "$EXIT_FAILED" "the build failed."
    fi
}

# Packages with known holes, as the registry knows them today, with what other packages bring along. A hole is a failure of the
# run; a registry that does not answer is said, for a build without it must be possible.
audit_packages() {
    local log=$RESULTS/packages.log code=0
    step "asking the registry for packages with known holes"
    (cd "$ROOT" && timeout -k 5 120 dotnet list EasyIsp.sln package --vulnerable --include-transitive) >"$log" 2>&1 || code=$?
    if grep -q 'has the following vulnerable packages' "$log"; then
        FAILED=$((FAILED + 1))
        say "  PACKAGES WITH KNOWN HOLES"
        grep -E 'has the following vulnerable|^ *>' "$log"
        say "  All of it: $log"
    elif ((code == 0)) && grep -q 'has no vulnerable packages' "$log" && ! grep -qE 'NU190[05]' "$log"; then
        say "  no package with a known hole"
    else
        warn "  packages are NOT AUDITED: the registry did not answer ($log)"
    fi
}

# run_project NAME [ARGUMENT...]: xunit's own runner, in the test program itself. Its XML is the truth about the numbers;
# without it, or with errors in it, the project counts as one failure more.
run_project() {
    local name=$1 began=$SECONDS code=0 xml=$RESULTS/$1.xml log=$RESULTS/$1.log
    shift
    # In the background, since a signal's trap waits for what is in the foreground.
    (cd "$RESULTS" && exec timeout -k 30 "$PROJECT_TIME_LIMIT" \
        "$ROOT/tests/$name/bin/Release/net10.0/$name" -noLogo -noColor -xml "$xml" "$@") >"$log" 2>&1 &
    TEST_PID=$!
    wait "$TEST_PID" || code=$?
    TEST_PID=

    local passed failed skipped errors took=$((SECONDS - began))
    passed=$(count_in "$xml" passed) failed=$(count_in "$xml" failed)
    skipped=$(count_in "$xml" skipped) errors=$(count_in "$xml" errors)
    if [[ -z $passed ]]; then
        FAILED=$((FAILED + 1))
        if ((code == 124)); then
            say "  $name TOOK LONGER THAN $PROJECT_TIME_LIMIT"
        else
            say "  $name CRASHED (exit code $code)"
        fi
        show_tail "$log" 40
        return
    fi
    ((errors == 0 && (failed > 0 || code == 0))) || failed=$((failed + 1))
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
    if ((passed + failed + skipped > 0)); then
        printf '  %-24s %5d passed, %d failed, %d skipped  (%d s)\n' "$name" "$passed" "$failed" "$skipped" "$took"
    fi
    ((failed == 0)) || show_failures "$log"
}

# count_in FILE ATTRIBUTE: of the whole assembly.
count_in() {
    { grep -oE '<assembly [^>]*>' "$1" 2>/dev/null || :; } | grep -oE " $2=\"[0-9]+\"" | grep -oE '[0-9]+' || :
}

# Each failure with what is indented below it, up to the next test.
show_failures() {
    awk '/^    [^ ].* \[FAIL\]$/ { failing = 1; print; next } /^ ? ? ? ?[^ ]/ { failing = 0 } failing' "$1"
    say "  All of it: $1"
}

report_tests() {
    ((PASSED + FAILED > 0)) || warn "easyisp: no test ran."
    printf '%d passed, %d failed' "$PASSED" "$FAILED"
    ((SKIPPED == 0)) || printf ', %d skipped' "$SKIPPED"
    printf '\n'
    ((FAILED == 0 && PASSED > 0)) || exit "$EXIT_FAILED"
}

stop_test_run() {
    trap '' INT TERM HUP
    if [[ -n ${TEST_PID:-} ]]; then
        kill -TERM "$TEST_PID" 2>/dev/null || :
        wait "$TEST_PID" 2>/dev/null || :
    fi
    stop_passing_postgres
}

run_benchmarks() {
    require_sdk
    require_disk_space "$ROOT"
    require_postgres
    trap 'stop_test_run' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    RESULTS=$ROOT/artifacts/bench
    mkdir -p "$RESULTS"
    export EASYISP_ARTIFACTS=$RESULTS
    if (($# == 0)) || [[ " $* " == *" radius "* ]]; then prepare_freeradius; fi
    build_for_tests "$ROOT/tests/EasyIsp.Benchmarks"
    step "starting PostgreSQL for this run"
    # What a commit costs is part of what is measured, so the disk is asked each time, as in service.
    start_passing_postgres shared_buffers=512MB
    (cd "$RESULTS" && exec dotnet "$ROOT/tests/EasyIsp.Benchmarks/bin/Release/net10.0/EasyIsp.Benchmarks.dll" "$@") &
    TEST_PID=$!
    local code=0
    wait "$TEST_PID" || code=$?
    TEST_PID=
    return "$code"
}

# What the RADIUS worker is compared with. Its configuration directory is closed to others, so the bench gets a copy of
# what it reads of it; where it cannot be installed, the bench says so and measures the worker alone.
prepare_freeradius() {
    install_freeradius || return 0
    export EASYISP_FREERADIUS_CONFIG=$RESULTS/freeradius
    rm -rf "$EASYISP_FREERADIUS_CONFIG" && mkdir -p "$EASYISP_FREERADIUS_CONFIG"
    as_root tar -C /etc/freeradius/3.0 -cf - mods-config/sql/main/postgresql policy.d/accounting |
        tar -C "$EASYISP_FREERADIUS_CONFIG" --no-same-owner -xf -
}
