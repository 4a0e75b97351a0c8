package io.github.solrcascade.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class OptionsTest {
  private static final Path CATALOGUE = Path.of("catalogue");

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void allHaveDefaults() throws Exception {
    Options expected = new Options(false, false, 8983, "products", CATALOGUE, Optional.empty());

    assertEquals(expected, Options.parse(CATALOGUE));
  }

  @Test
  public void allCanBeGiven() throws Exception {
    File data = folder.newFolder("esci");
    Path run = folder.getRoot().toPath().resolve("run.txt");

    Options options =
        Options.parse(
            CATALOGUE,
            "--once",
            "--cloud",
            "--port",
            "0",
            "--cascade",
            "fast",
            "--data",
            data + "",
            "--run",
            run + "");

    assertEquals(new Options(true, true, 0, "fast", data.toPath(), Optional.of(run)), options);
  }

  @Test
  public void anUnknownOptionIsRefused() {
    assertRefused(
        "--twice: unknown option, known: --once, --cloud, --port, --cascade, --data, --run",
        "--twice");
    assertRefused(
        "once: unknown option, known: --once, --cloud, --port, --cascade, --data, --run", "once");
  }

  @Test
  public void aPortThatIsNoneIsRefused() {
    assertRefused("--port: http, must be a number from 0 to 65535", "--port", "http");
    assertRefused("--port: 65536, must be a number from 0 to 65535", "--port", "65536");
    assertRefused("--port: -1, must be a number from 0 to 65535", "--port", "-1");
  }

  @Test
  public void aMissingValueIsRefused() {
    assertRefused("--port: no value, must be followed by one", "--port");
    assertRefused("--data: no value, must be followed by one", "--data", "--once");
  }

  @Test
  public void anOptionGivenTwiceIsRefused() {
    assertRefused("--once: given twice, must be given once", "--once", "--once");
  }

  @Test
  public void aCascadeNameThatCouldNotBeALocalParameterIsRefused() {
    assertRefused("--cascade: a b, must be letters, digits, '_', '.' and '-'", "--cascade", "a b");
  }

  @Test
  public void dataThatIsNoFolderIsRefused() {
    assertRefused("--data: no/such, must be a folder", "--data", "no/such");
  }

  @Test
  public void aFolderThatCannotNameACoreIsRefused() throws Exception {
    String spaced = folder.newFolder("my data").toString();

    assertRefused(
        "--data: "
            + spaced
            + ", its name must be letters, digits, '_', '.' and '-': it names a core",
        "--data",
        spaced);
  }

  @Test
  public void aRunFileThatCannotBeWrittenIsRefused() {
    assertRefused(
        "--run: no/such/file, must be a file in a folder that exists", "--run", "no/such/file");
  }

  private static void assertRefused(String message, String... arguments) {
    Exception mistake =
        assertThrows(Options.Mistake.class, () -> Options.parse(CATALOGUE, arguments));
    assertEquals(message, mistake.getMessage());
  }
}
