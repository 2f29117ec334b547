# Sourced by scripts/up and scripts/test, from the checkout's root: .venv with moadb in it.

fail() {
  printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else command -v sudo >/dev/null && sudo -n "$@"; fi
}

find_python() {
  local python
  for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      command -v "$python"
      return
    fi
  done
  fail "Python 3.10 or later is needed, and is not here" "install it (Debian: sudo apt-get install python3 python3-venv)"
}

make_venv() {
  local python
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then # Debian keeps this part of Python in a package of its own
    { as_root apt-get update -qq && as_root apt-get install -y -qq python3-venv; } >&2 ||
      fail "$python cannot make virtual environments" "install that part of it (Debian: sudo apt-get install python3-venv)"
  fi
  "$python" -m venv --clear .venv || fail "$python could not make .venv" "its message is above"
}

# Install moadb, editable, with the named extras ("embedded" or "embedded,test"), unless that has been done: what is needed depends on
# pyproject.toml alone, and the programs in .venv/bin on where the checkout is.
install_moadb() {
  local extras=$1 done_file=.venv/installed-$1 wanted
  .venv/bin/python -c 'import pip' 2>/dev/null || make_venv
  wanted="$PWD $(cksum <pyproject.toml)"
  [ "$(cat "$done_file" 2>/dev/null)" = "$wanted" ] && return
  echo "installing Python packages into .venv" >&2
  .venv/bin/python -m pip install -qq --disable-pip-version-check --editable ".[$extras]" ||
    fail "the Python packages could not be installed" "pip's message is above; is there a network?"
  printf '%s\n' "$wanted" >"$done_file"
}
