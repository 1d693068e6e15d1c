#!/usr/bin/env bash
# Installs the Azure CLI into a virtual environment of its own, outside of the project; prints where `az` is.
#
#   bash tests/clients/setup_azure_cli.sh && pytest tests/clients -m clients
set -euo pipefail
where="${PROVISIONER_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/provisioner-clients}/azure-cli"
if [ ! -x "$where/bin/az" ]; then
    python3 -m venv "$where"
    "$where/bin/python" -m pip install --quiet azure-cli
fi
echo "$where/bin/az"
