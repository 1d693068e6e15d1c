#!/usr/bin/env bash
# Installs the YAML language server, which editors check specs with, beside nothing of the project; prints where.
#
#   bash tests/clients/setup_editor.sh && pytest tests/clients -m clients
set -euo pipefail
where="${PROVISIONER_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/provisioner-clients}/editor"
mkdir -p "$where"
cd "$where"
[ -f package.json ] || npm init --yes >/dev/null
npm install --silent yaml-language-server
echo "$where"
