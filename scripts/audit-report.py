"""Prints what wapiti found, a line each, without what standard input names as known."""

import json
import sys

known = [line for line in sys.stdin.read().splitlines() if line]
with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
for kind in ("vulnerabilities", "anomalies"):
    for name, findings in report.get(kind, {}).items():
        for finding in findings:
            line = f"{name}: {finding.get('method', '')} {finding.get('path', '')} {finding.get('parameter') or ''}: {' '.join(finding.get('info', '').split())}"
            if not any(word in line for word in known):
                print(line[:400])
