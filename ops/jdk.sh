# Sourced by the commands beside it: find_jdk sets JAVA_HOME to a JDK 25 or newer, or says how to get one.

jdk_version() { # prints the major version of the JDK in $1, or nothing
  [ -x "$1/bin/javac" ] || return 0
  if [ -f "$1/release" ]; then # to ask the compiler takes as long as a command
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
  fi
}

find_jdk() {
  local candidate major path_java
  path_java=$(command -v javac || true)
  [ -z "$path_java" ] || path_java=$(dirname "$(dirname "$(readlink -f "$path_java")")")
  for candidate in "${JAVA_HOME:-}" "$path_java" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] && [ -d "$candidate" ] || continue
    major=$(jdk_version "$candidate")
    if [ -n "$major" ] && [ "$major" -ge 25 ]; then
      export JAVA_HOME="$candidate"
      return 0
    fi
  done
  cat >&2 <<'MSG'
weir: a JDK 25 or newer is needed, and none was found in JAVA_HOME, on the PATH, or in the usual folders.
  Debian/Ubuntu:  apt-get install temurin-25-jdk   (Adoptium's repository), or openjdk-25-jdk where the release has it
  macOS:          brew install --cask temurin@25
  anywhere:       unpack a JDK 25 and set JAVA_HOME to its folder
MSG
  exit 69
}
