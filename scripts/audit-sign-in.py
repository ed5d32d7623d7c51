"""Signs in to the console and arrives at the portal, for ./easyisp audit. Only what Python itself brings.

Writes into the folder of the results: NAME.cookies (a header's value, for sqlmap), NAME.cookies.json (for wapiti),
NAME.addresses (where wapiti begins) and NAME.requests (what sqlmap tries: method, address, fields).
"""

import http.cookiejar
import json
import os
import re
import sys
import urllib.parse
import urllib.request

web, portal, email, results = sys.argv[1:5]


def browser():
    jar = http.cookiejar.CookieJar()
    return jar, urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def read(opener, address, fields=None):
    data = None if fields is None else urllib.parse.urlencode(fields).encode()
    with opener.open(address, data, timeout=30) as answer:
        return answer.geturl(), answer.read().decode("utf-8", "replace")


def write(name, lines):
    with open(os.path.join(results, name), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n" if lines else "")


def keep(name, jar, host):
    write(f"{name}.cookies", ["; ".join(f"{c.name}={c.value}" for c in jar)] if len(jar) else [])
    kept = {c.name: {"value": c.value, "secure": False, "expires": None, "version": 0, "port": None} for c in jar}
    with open(os.path.join(results, f"{name}.cookies.json"), "w", encoding="utf-8") as file:
        json.dump({host: {"/": kept}}, file)  # wapiti looks for an address by itself, without the dot of a domain


def root():
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def sources(project, ending):
    for folder, _, files in os.walk(os.path.join(root(), project)):
        if "/obj" not in folder and "/bin" not in folder:
            for file in files:
                if file.endswith(ending):
                    with open(os.path.join(folder, file), encoding="utf-8") as text:
                        yield text.read()


# The console: its pages are the routes of its sources, as is each file; the words of addresses are those of the lists.
jar, opener = browser()
_, page = read(opener, f"{web}/account/sign-in")
token = re.search(r'name="__RequestVerificationToken" value="([^"]+)"', page).group(1)
where, _ = read(opener, f"{web}/account/sign-in", {
    "_handler": "sign-in", "__RequestVerificationToken": token, "Form.Email": email, "Form.Password": os.environ["AUDIT_PASSWORD"],
})
if "sign-in" in where:
    sys.exit("The console did not let us in.")
keep("console", jar, "127.0.0.1")
pages = sorted({route for text in sources("EasyIsp.Web", ".razor") for route in re.findall(r'^@page "([^"{]+)"', text, re.M)})
# The route tables say where files are; their groups begin with the folder of the page.
files = ["/payments/suspense.csv", "/payments/refunds.csv", "/payments/sms.csv", "/payments/reconciliation/days.csv", "/payments/reconciliation/differences.csv"]
files += [f"/sessions/statistics/{table}.csv" for table in ("customers", "hours", "days", "routers", "packages", "endings", "refusals")]
words = {"q": "a", "sort": "amount", "state": "waiting", "period": "30days", "from": "2026-01-01", "until": "2026-12-31", "account": "1", "router": "1", "package": "1", "access": "pppoe"}
query = urllib.parse.urlencode(words)
write("console.addresses", [web + path for path in pages] + [f"{web}{path}?{query}" for path in files])
requests = [f"GET\t{web}{path}?{query}\t" for path in files]
for path, fields in (
    ("/account/sign-in", {"_handler": "sign-in", "Form.Email": "a@b.example", "Form.Password": "x"}),
    ("/account/forgot-password", {"_handler": "forgot-password", "Form.Email": "a@b.example"}),
    ("/account/sign-in?returnUrl=a", {"_handler": "sign-in", "Form.Email": "a@b.example", "Form.Password": "x"}),
):
    # Each try would need a token of its own page; one is good for as long as its cookie.
    stranger, other = browser()
    _, form = read(other, f"{web}{path}")
    found = re.search(r'name="__RequestVerificationToken" value="([^"]+)"', form)
    if found:
        fields["__RequestVerificationToken"] = found.group(1)
    requests.append(f"POST\t{web}{path}\t{urllib.parse.urlencode(fields)}")
requests += [f"GET\t{web}/account/invitation?key=abc\t", f"GET\t{web}/account/new-password?key=abc\t"]
write("console.requests", requests)

# The portal: a phone arrives at the hotspot of the demonstration and gets its visit.
jar, opener = browser()
site = sys.argv[5] if len(sys.argv) > 5 else "market"
where, page = read(opener, f"{portal}/h/{site}", {
    "mac": "02:00:5E:00:00:01", "ip": "10.5.50.99", "link-login-only": "http://10.5.50.1/login", "link-orig": "http://example.com/",
})
visit = urllib.parse.urlsplit(where).path
keep("portal", jar, "127.0.0.1")
offers = re.findall(r'href="(/v/[^"]+/buy/[^"]+)"', page)
write("portal.addresses", [portal + path for path in [visit, f"{visit}/receipt", f"{visit}/voucher", f"{visit}/online", f"{visit}/connect", *offers[:2]]])
write("portal.requests", [
    f"POST\t{portal}{visit}/voucher\tcode=ABCDEFGH",
    f"POST\t{portal}{visit}/receipt\treceipt=SGH4K2M7QX",
    *[f"POST\t{portal}{offer}\tphone=0712000001&by=Mpesa&again=1" for offer in offers[:1]],
    f"GET\t{portal}{visit}?lang=en&refused=1\t",
    f"POST\t{portal}/h/{site}\tmac=02:00:5E:00:00:02&ip=10.5.50.98&link-login-only=http://10.5.50.1/login&link-orig=http://example.com/&chap-id=1&error=x",
])
