# shellcheck shell=bash
# `audit`: Debian's wapiti and sqlmap against an installation of its own on loopback, with the demonstration, signed in.

# Beside everything that runs: its own ports, its own database, its own secrets.
readonly AUDIT_WEB=http://127.0.0.1:15080 AUDIT_PORTAL=http://127.0.0.1:15081
readonly WAPITI_MODULES=backup,blindsql,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss

# What wapiti reports and what is no fault here, each with the reason; the rest ends the audit with 1.
readonly AUDIT_KNOWN=(
    'Strict-Transport-Security is not set'              # on loopback there is no TLS; the console sends it behind a proxy that ends TLS
    'Secure flag is not set'                            # the same: cookies are Secure where the request came over TLS
    'X-XSS-Protection is not set'                       # no browser reads it any more, and those that did were made unsafe by it
    'X-Frame-Options is not set'                        # frame-ancestors says it, to every browser that is supported
    "CSP \"style-src\" value is not safe"               # MudBlazor writes styles into the page; scripts need a nonce
)

audit() {
    local minutes=10 argument
    for argument in "$@"; do
        case $argument in
            --minutes=[1-9]*) minutes=${argument#*=} ;;
            *) die "$EXIT_USAGE" "audit does not know '$argument'. See ./easyisp help" ;;
        esac
    done
    require_sdk
    require_disk_space "$ROOT"
    install_audit_tools
    RESULTS=$ROOT/artifacts/audit
    rm -rf "$RESULTS" && mkdir -p "$RESULTS"
    trap 'audited_installation down >/dev/null 2>&1; rm -rf "${AUDIT_DATA:?}"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    AUDIT_DATA=$(mktemp -d "${TMPDIR:-/tmp}/easyisp-audit.XXXXXX")
    step "starting an installation to attack"
    audited_installation up --detach >"$RESULTS/up.log" 2>&1 || {
        show_tail "$RESULTS/up.log" 20
        die "$EXIT_FAILED" "it did not start."
    }
    sign_in_for_audit

    # A quarter of the time for each of four attacks; each ends by itself when it has nothing left to try.
    local seconds=$((minutes * 60 / 4))
    FINDINGS=0
    run_wapiti console "$AUDIT_WEB" "$seconds"
    run_wapiti portal "$AUDIT_PORTAL" "$seconds"
    run_sqlmap console "$seconds"
    run_sqlmap portal "$seconds"
    say ""
    say "$FINDINGS findings; all of it is in $RESULTS"
    ((FINDINGS == 0)) || exit "$EXIT_FAILED"
}

audited_installation() {
    env -u EASYISP_DB EASYISP_DATA="$AUDIT_DATA" EASYISP_WEB_URL="$AUDIT_WEB" EASYISP_PORTAL_URL="$AUDIT_PORTAL" \
        EASYISP_RADIUS_URL=http://127.0.0.1:15082 EASYISP_EMULATORS_URL=http://127.0.0.1:15090 \
        EASYISP_RADIUS_AUTH_PORT=11812 EASYISP_RADIUS_ACCT_PORT=11813 EASYISP_RADSEC_PORT=12083 EASYISP_PG_PORT=54429 \
        "$ROOT/easyisp" "$@"
}

# Who may most: what a lesser role may not do is not found by looking for holes in it. Writes the cookies for both
# tools, the addresses to begin with, and the visit of a phone at the portal.
sign_in_for_audit() {
    step "signing in"
    local email=admin@savanna.example password
    password=$(awk -v email="$email" '$3 == email { print $4 }' "$AUDIT_DATA/secrets/sign-ins")
    AUDIT_PASSWORD=$password python3 "$ROOT/scripts/audit-sign-in.py" "$AUDIT_WEB" "$AUDIT_PORTAL" "$email" "$RESULTS" ||
        die "$EXIT_FAILED" "nobody could sign in."
    chmod 600 "$RESULTS"/*.cookies*
}

# run_wapiti NAME URL SECONDS
run_wapiti() {
    local name=$1 url=$2 seconds=$3 start=() address report=$RESULTS/wapiti-$1.json
    step "wapiti against the $name, $seconds seconds at most"
    while IFS= read -r address; do start+=(-s "$address"); done <"$RESULTS/$name.addresses"
    # What ends the sign-in ends the audit.
    timeout -k 30 $((seconds + 60)) wapiti -u "$url/" "${start[@]}" --scope domain -c "$RESULTS/$name.cookies.json" \
        -x "$url/account/sign-out" -x "$url/account/sign-ins/end" -x "$url/account/sign-ins/end-all" -x "$url/account/tenant" \
        -m "$WAPITI_MODULES" --max-scan-time "$seconds" --max-attack-time $((seconds / 4)) -d 4 --max-links-per-page 60 --max-files-per-dir 40 \
        --flush-session --no-bugreport --color -f json -o "$report" >"$RESULTS/wapiti-$name.log" 2>&1 || :
    [[ -s $report ]] || {
        warn "  wapiti left no report: $RESULTS/wapiti-$name.log"
        FINDINGS=$((FINDINGS + 1))
        return
    }
    count_findings "$(printf '%s\n' "${AUDIT_KNOWN[@]}" | python3 "$ROOT/scripts/audit-report.py" "$report")"
}

# run_sqlmap NAME SECONDS: every address with its words, and every form.
run_sqlmap() {
    local name=$1 until=$((SECONDS + $2)) method address data arguments log=$RESULTS/sqlmap-$1.log
    step "sqlmap against the $name, $2 seconds at most"
    : >"$log"
    while IFS=$'\t' read -r method address data; do
        ((SECONDS < until)) || {
            say "  (time is up; not tried: $method $address)"
            continue
        }
        arguments=(-u "$address")
        [[ $method == GET ]] || arguments+=(--data "$data")
        [[ ! -s $RESULTS/$name.cookies ]] || arguments+=(--cookie "$(<"$RESULTS/$name.cookies")")
        timeout -k 10 $((until - SECONDS + 5)) sqlmap "${arguments[@]}" --batch --disable-coloring --flush-session --dbms=PostgreSQL --level=2 --risk=1 \
            --technique=BEUST --time-sec=3 --timeout=10 --retries=1 --threads=2 --ignore-code=400,401,404,429 --skip-static \
            --output-dir="$RESULTS/sqlmap" >>"$log" 2>&1 </dev/null || :
    done <"$RESULTS/$name.requests"
    count_findings "$(grep -E '^Parameter: |is vulnerable|heuristic .* might be injectable' "$log" | sort -u || :)"
}

count_findings() {
    [[ -n $1 ]] || return 0
    say "$1" | sed 's/^/  /'
    FINDINGS=$((FINDINGS + $(wc -l <<<"$1")))
}
