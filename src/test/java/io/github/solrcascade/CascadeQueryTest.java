package io.github.solrcascade;

import io.github.solrcascade.config.CascadeConfig;
import io.github.solrcascade.config.StageConfig;
import io.github.solrcascade.model.ModelStores;
import io.github.solrcascade.stage.Cascade;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.solr.core.SolrCore;
import org.junit.Test;

/** A rank query equals another if, and only if, both give the same order. */
public class CascadeQueryTest extends SolrTest {
  private static final Query RED = new TermQuery(new Term("title", "red"));
  private static final Query BLUE = new TermQuery(new Term("title", "blue"));
  private static final Map<String, List<String>> EFI = Map.of("text", List.of("red", "blue"));

  private static Cascade cascade(String name, StageConfig... stages) {
    try (SolrCore core = solr.cores().getCore("test")) {
      CascadeConfig config =
          new CascadeConfig(name, OptionalInt.empty(), Optional.empty(), List.of(stages));
      return new CascadeCatalog(core, List.of(config), new ModelStores(core)).get(name);
    }
  }

  private static StageConfig stage(String model, int reRankDocs) {
    return new StageConfig("only", model, reRankDocs, Optional.empty(), false);
  }

  private static CascadeQuery query(
      Cascade cascade, Map<String, List<String>> efi, List<Long> instants, Query main) {
    return (CascadeQuery) new CascadeQuery(cascade, efi, instants).wrap(main);
  }

  private static CascadeQuery red(Cascade cascade) {
    return query(cascade, EFI, List.of(7L), RED);
  }

  private static void assertDiffers(Query one, Query other) {
    assertNotEquals(one, other);
    assertNotEquals(one.hashCode(), other.hashCode());
  }

  @Test
  public void equalPartsMakeEqualQueries() {
    CascadeQuery one = red(cascade("a", stage("popular", 5)));
    CascadeQuery other = red(cascade("a", stage("popular", 5)));
    assertEquals(one, other);
    assertEquals(one.hashCode(), other.hashCode());
  }

  @Test
  public void mainQueryCounts() {
    Cascade cascade = cascade("a", stage("popular", 5));
    assertDiffers(red(cascade), query(cascade, EFI, List.of(7L), BLUE));
  }

  @Test
  public void efiCounts() {
    Cascade cascade = cascade("a", stage("popular", 5));
    for (Map<String, List<String>> efi :
        List.of(
            Map.<String, List<String>>of(),
            Map.of("text", List.of("red")),
            Map.of("text", List.of("blue", "red")),
            Map.of("word", List.of("red", "blue")))) {
      assertDiffers(red(cascade), query(cascade, efi, List.of(7L), RED));
    }
  }

  @Test
  public void instantsCount() {
    Cascade cascade = cascade("a", stage("popular", 5));
    assertDiffers(red(cascade), query(cascade, EFI, List.of(8L), RED));
  }

  @Test
  public void stagesCount() {
    CascadeQuery one = red(cascade("a", stage("popular", 5)));
    assertDiffers(one, red(cascade("a", stage("popular", 6))));
    assertDiffers(one, red(cascade("a", stage("trees", 5))));
    assertDiffers(
        one,
        red(
            cascade(
                "a",
                stage("popular", 5),
                new StageConfig("second", "trees", 5, Optional.empty(), false))));
  }

  @Test
  public void limitsCountByWhatTheyChange() {
    Cascade whole =
        cascade(
            "a",
            stage("popular", 5),
            new StageConfig("second", "trees", 5, Optional.empty(), false));
    assertEquals(red(whole), red(whole.limitedTo(2, 100, Integer.MAX_VALUE)));
    assertDiffers(red(whole), red(whole.limitedTo(1, 100, Integer.MAX_VALUE)));
    assertDiffers(red(whole), red(whole.limitedTo(2, 4, Integer.MAX_VALUE)));
  }

  @Test
  public void degradedEqualsNoOther() {
    Cascade cascade = cascade("a", stage("popular", 5));
    CascadeQuery degraded = red(cascade);
    degraded.markDegraded();
    assertNotEquals(degraded, red(cascade));
    assertNotEquals(red(cascade), degraded);
  }
}
