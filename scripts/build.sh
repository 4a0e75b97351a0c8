# Sourced by the scripts that run the project's own Java programs: builds what is stale, then runs one.
#
#   run_java MAIN_CLASS ARGUMENT...

cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=$(basename "$0")

die() {
  echo "$name: $1" >&2
  exit 1
}

java_options=()
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"

check_tools() {
  command -v mvn >/dev/null || die "Maven is needed: no 'mvn' on the PATH"
  command -v "$java" >/dev/null || die "a JDK, 17 or later, is needed: no '$java'"
  local version
  version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
  [ "${version%%.*}" -ge 17 ] || die "a JDK, 17 or later, is needed: '$java' is version $version"
}

# Fetches a model that the repository does not carry.
fetch() {
  command -v python3 >/dev/null || die "Python 3 is needed to fetch models: no 'python3' on the PATH"
  scripts/fetch-models "$1" >&2 || die "this needs scripts/fetch-models $1 to succeed"
}

# Fetches the 12-layer cross-encoder and has Solr load it.
with_teacher() {
  fetch ms-marco-minilm-l12-v2
  java_options+=(-Dcascade.teacher=true)
}

# Fetches the late-interaction encoder and has Solr load it.
with_late() {
  fetch answerai-colbert-small
  java_options+=(-Dcascade.late=true)
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
$(printf '%s\n' ${java_options[@]+"${java_options[@]}"})
-cp "target/classes:target/test-classes:$(cat target/test-classpath)"
END
  exec "$java" @"$arguments" "$@"
}
