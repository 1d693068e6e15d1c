#!/usr/bin/env bash
# Installs the Node SDK beside nothing of the project; prints where.
#
#   bash tests/clients/setup_node.sh && pytest tests/clients -m clients
set -euo pipefail
where="${PROVISIONER_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/provisioner-clients}/node"
mkdir -p "$where"
cd "$where"
[ -f package.json ] || npm init --yes >/dev/null
npm install --silent @azure/identity @azure/arm-resources @azure/arm-network @azure/arm-compute @azure/arm-msi \
    @azure/arm-authorization
echo "$where"
