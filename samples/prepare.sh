#!/usr/bin/env bash
# prepare.sh FOLDER: copies flask-ping into FOLDER as a git checkout of its own, on a free port, and prints the port.
# The demos work on this copy, so that they can commit and break its code.
set -euo pipefail
samples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1

mkdir -p "$folder"
cp "$samples"/flask-ping/*.{py,yaml} "$folder"
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -i "s/^local_port: .*/local_port: \&port $port/" "$folder/config.yaml"

cd "$folder"
printf '/log/\n/tmp/\n__pycache__/\n' >.gitignore
git init --quiet --initial-branch=main
git config user.name Demo
git config user.email demo@example.org
git add --all
git commit --quiet --message "flask-ping, version 1.0.0"
printf '%s\n' "$port"
