package io.github.solrcascade;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Graphs and tokenizers that are broken anyhow end in a clear error, never in a crash. */
public class FuzzTest {
  private static final int FILES = 1_000;

  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  @Test
  public void aThousandBrokenFiles() throws Exception {
    List<String> main =
        List.of(
            "io.github.solrcascade.encoder.Fuzz",
            TestSolr.MODELS.toString(),
            temporary.newFolder().toString(),
            String.valueOf(FILES),
            "0");
    try (ChildJvm child = new ChildJvm(temporary.newFolder().toPath(), List.of(), main)) {
      List<String> lines = child.awaitAll();
      String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
      assertEquals(end, 0, child.exitCode());
      long refused = lines.stream().filter(line -> line.matches("\\d+ refused")).count();
      long loaded = lines.stream().filter(line -> line.matches("\\d+ loaded")).count();
      assertEquals(end, FILES, refused + loaded);
      // Most changes break something; some only weights or texts.
      assertTrue(refused + " refused", refused > FILES / 4 && loaded > 0);
    }
  }
}
