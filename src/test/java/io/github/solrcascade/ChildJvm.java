package io.github.solrcascade;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java process with the tests' class path, for what would take this one down. */
public final class ChildJvm implements AutoCloseable {
  private static final Path BASE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  /**
   * Starts it.
   *
   * @param scratch a folder to work in
   * @param options of Java
   * @param main the class and its arguments
   */
  public ChildJvm(Path scratch, List<String> options, List<String> main) throws IOException {
    String dependencies = Files.readString(BASE.resolve("target/test-classpath")).strip();
    String classPath =
        BASE.resolve("target/classes")
            + ":"
            + BASE.resolve("target/test-classes")
            + ":"
            + dependencies;
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-Xmx512m", "-cp", classPath));
    arguments.addAll(main);
    // In a file: some versions of onnxruntime crash when the command line is long.
    Path file = Files.write(scratch.resolve("arguments"), arguments);
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(), "@" + file)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .start();
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Reads on until a line begins so, and returns the rest of it. */
  public String await(String beginning) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      if (line.startsWith(beginning)) {
        return line.substring(beginning.length());
      }
    }
    throw new AssertionError("ended without '" + beginning + "': " + String.join("\n", lines));
  }

  /** All that it printed, to its end. */
  public List<String> awaitAll() throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.toHandle().destroy(); // the process's own destroy closes its output
  }

  /** Its exit code, waited for. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("still runs");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
