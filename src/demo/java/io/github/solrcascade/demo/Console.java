package io.github.solrcascade.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/** Where reports go. */
public final class Console {
  private Console() {}

  /** Standard output in UTF-8, which Solr's libraries no longer write their logs into. */
  public static PrintStream open() {
    LogManager.getLogManager().reset();
    return new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  }
}
