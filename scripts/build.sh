# Sourced by the scripts that run the project's own Java programs: builds what is stale, then runs one.
#
#   run_java MAIN_CLASS ARGUMENT...

cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=$(basename "$0")

die() {
  echo "$name: $1" >&2
  exit 1
}

java_option=
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"

check_tools() {
  command -v mvn >/dev/null || die "Maven is needed: no 'mvn' on the PATH"
  command -v "$java" >/dev/null || die "a JDK, 17 or later, is needed: no '$java'"
  local version
  version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
  [ "${version%%.*}" -ge 17 ] || die "a JDK, 17 or later, is needed: '$java' is version $version"
}

# Fetches the 12-layer cross-encoder and has Solr load it.
with_teacher() {
  command -v python3 >/dev/null || die "Python 3 is needed to fetch models: no 'python3' on the PATH"
  scripts/fetch-models ms-marco-minilm-l12-v2 >&2
  java_option=-Dcascade.teacher=true
}

is_stale() {
  [ ! -e "$1" ] || [ -n "$(find pom.xml src/main src/demo src/jmh -newer "$1" -print -quit)" ]
}

build() {
  local built=target/demo/built
  if is_stale "$built"; then
    echo "Building"
    mvn -q -B -ntp -DskipTests process-test-classes >&2
    mkdir -p target/demo
    touch "$built"
  fi
}

run_java() {
  check_tools
  build
  local terminal=false
  [ -t 1 ] && terminal=true
  # In a file: some versions of onnxruntime crash when the command line is long.
  local arguments="target/demo/arguments-$name"
  cat >"$arguments" <<END
-Xmx1g
-Djava.awt.headless=true
-Dlog4j2.configurationFile=src/demo/log4j2.xml
-Ddemo.terminal=$terminal
$java_option
-cp "target/classes:target/test-classes:$(cat target/test-classpath)"
END
  exec "$java" @"$arguments" "$@"
}
