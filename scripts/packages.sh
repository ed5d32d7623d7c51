# shellcheck shell=bash
# What the system's package manager brings.

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "$EXIT_NO_RIGHTS" "this needs root, and there is no sudo: $*"
    fi
}

# install_packages PACKAGE...: with Debian's and Ubuntu's names; on other systems it says what is missing.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        warn "easyisp: these are missing: $*"
        warn "  Fedora, RHEL:  sudo dnf install postgresql-server freeradius-utils chromium fontconfig"
        warn "  Homebrew:      brew install postgresql@16 freeradius-server"
        exit "$EXIT_NO_POSTGRES"
    fi
    step "installing $* (apt)"
    ((EUID == 0)) || say "  sudo may ask for your password."
    as_root apt-get update -qq >/dev/null 2>&1 || warn "  apt-get update failed; trying with the lists that are here."
    local output
    output=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" 2>&1) ||
        die "$EXIT_NO_RIGHTS" "apt could not install $*: ${output:-no reason given}"
}

# Debian makes a cluster and starts it on 5432 when a server is first installed. Nobody asked for that one here;
# the rule is taken away afterwards, since what the operator installs later is the operator's.
install_postgresql() {
    local rule=/etc/postgresql-common/createcluster.d/easyisp.conf
    if command -v apt-get >/dev/null; then
        as_root mkdir -p "${rule%/*}"
        as_root tee "$rule" <<<"create_main_cluster = false" >/dev/null
    fi
    install_packages postgresql "$@"
    as_root rm -f "$rule"
}

# install_unstarted SERVICE PACKAGE...: Debian would start the service when it is installed. Nobody asked for that one
# here; the rule that forbids it goes away afterwards.
install_unstarted() {
    local service=$1 policy=/usr/sbin/policy-rc.d
    shift
    if as_root test -e "$policy"; then
        install_packages "$@"
    else
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        (install_packages "$@") || { as_root rm -f "$policy"; return 1; }
        as_root rm -f "$policy"
    fi
    ! command -v systemctl >/dev/null || as_root systemctl disable --quiet "$service" 2>/dev/null || :
}

# A FreeRADIUS that was there before is left as it is.
install_freeradius() {
    [[ ! -x /usr/sbin/freeradius || ! -e /usr/lib/freeradius/rlm_sql_postgresql.so ]] || return 0
    if ! command -v apt-get >/dev/null; then
        warn "easyisp: Debian's freeradius and freeradius-postgresql are missing: there will be no comparison."
        return 1
    fi
    install_unstarted freeradius freeradius freeradius-postgresql
}

# What the tests talk to: a server, radclient, radsecproxy, a mail server, PAM's RADIUS client (used as a user, with no file in /etc), a browser, and a font for what the browser draws.
install_test_tools() {
    local missing=()
    command -v radclient >/dev/null || missing+=(freeradius-utils)
    ! command -v apt-get >/dev/null || dpkg-query -W libpam-radius-auth libpam-wrapper pamtester >/dev/null 2>&1 ||
        missing+=(libpam-radius-auth libpam-wrapper pamtester)
    [[ -x /usr/bin/aiosmtpd ]] || ! command -v apt-get >/dev/null || missing+=(python3-aiosmtpd)
    command -v chromium >/dev/null || missing+=(chromium)
    command -v fc-list >/dev/null || missing+=(fontconfig)
    [[ -n $(fc-list 2>/dev/null) ]] || missing+=(fonts-dejavu-core)
    if ! find_postgres; then
        install_postgresql "${missing[@]}"
    elif ((${#missing[@]} > 0)); then
        install_packages "${missing[@]}"
    fi
    require_postgres
    [[ -x /usr/sbin/radsecproxy ]] || ! command -v apt-get >/dev/null || install_unstarted radsecproxy radsecproxy
}

# What attacks the product on loopback.
install_audit_tools() {
    local missing=()
    command -v wapiti >/dev/null || missing+=(wapiti)
    command -v sqlmap >/dev/null || missing+=(sqlmap)
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}
