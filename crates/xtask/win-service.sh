#!/bin/bash
# Lets Wine's service manager start, ask, stop and fail the host, set up as docs/service/redress-service.ps1 does it.
# usage: . TOOLCHAIN/env.sh; win-service.sh REDRESSCTL.EXE
set -euo pipefail
exe=$(readlink -f "$1")
work=$(mktemp -d); house=$work/办公室
wine() { timeout 120 /usr/lib/wine/wine64 "$@" | tr -d '\r'; }
win() { printf 'Z:%s' "$1" | tr / '\\'; }
state() { wine sc.exe query Redress; }
away() { wine sc.exe stop Redress >/dev/null || true; wine sc.exe delete Redress >/dev/null || true; rm -rf "$work"; }
trap away EXIT
# The service manager says a state only when asked.
until_it_is() { for _ in $(seq 60); do if state | grep -q "$1"; then return; fi; sleep 1; done; state; echo "the service never was $1"; exit 1; }
port=$(node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')

mkdir -p "$house" "$work/log"
REDRESS_PASSWORD=Redress-2026 wine "$exe" init "$(win "$house/data")" --organisation 示范中心
line() { printf '"%s" serve "%s" --listen 127.0.0.1:%s --log "%s" --service' "$(win "$exe")" "$(win "$1")" "$port" "$(win "$work/log")"; }
wine sc.exe create Redress binPath= "$(line "$house/data")" start= demand
wine sc.exe start Redress
until_it_is RUNNING
curl -skf "https://127.0.0.1:$port/health"; echo
curl -sk -H 'content-type: application/json' -d '{}' "https://127.0.0.1:$port/call/session.state"; echo
grep -q '"command":"session.state"' "$work"/log/*
wine sc.exe stop Redress
until_it_is STOPPED
state | grep -q 'WIN32_EXIT_CODE    : 0'
REDRESS_PASSWORD=Redress-2026 wine "$exe" --data "$(win "$house/data")" verify
wine sc.exe delete Redress

# What cannot start says so, so that Windows starts it again and somebody looks.
mkdir "$house/other"; echo x > "$house/other/redress.db"
wine sc.exe create Redress binPath= "$(line "$house/other")" start= demand
wine sc.exe start Redress || true
until_it_is STOPPED
state | grep -q 'SERVICE_EXIT_CODE  : 1'
echo "the service starts, answers, stops, and says where it cannot start"
