package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** What {@code fl=[cascade]} tells of each document. */
public class CascadeTransformerTest extends SolrTest {
  private static final Set<String> LEXICAL =
      Set.of("firstPass", "titleBm25", "textBm25", "recency", "wanted");

  private static Answer ask(String localParams, String... more) throws Exception {
    List<String> params = new ArrayList<>(List.of(more));
    params.addAll(List.of("q", "red shoe", "rows", "100", "fl", "id,score,[cascade]"));
    params.addAll(List.of("rq", "{!cascade name=products " + localParams + "}"));
    return solr.search(params.toArray(new String[0]));
  }

  private static JsonNode entry(Answer answer, int place) {
    return answer.docs().get(place).path("[cascade]");
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  public void lastRankIsThePlaceInTheAnswer() throws Exception {
    Answer answer = ask("");
    for (int place = 0; place < 12; place++) {
      assertEquals(place + 1, entry(answer, place).path("ranks").path("deep").asInt());
    }
  }

  @Test
  public void firstRankIsThePlaceInTheFirstPass() throws Exception {
    List<String> firstPass = solr.search("q", "red shoe", "rows", "100").ids();
    Answer answer = ask("");
    for (int place = 0; place < 12; place++) {
      String id = answer.ids().get(place);
      int rank = entry(answer, place).path("ranks").path("first pass").asInt();
      assertEquals(id, firstPass.get(rank - 1));
    }
  }

  @Test
  public void ranksBetweenAreThoseOfTheCascadeCutThere() throws Exception {
    Answer answer = ask("");
    List<String> names = List.of("lexical", "semantic");
    for (int stage = 1; stage <= names.size(); stage++) {
      List<String> cut = ask("stages=" + stage).ids();
      for (int place = 0; place < 12; place++) {
        int rank = entry(answer, place).path("ranks").path(names.get(stage - 1)).asInt();
        assertEquals(answer.ids().get(place), cut.get(rank - 1));
      }
    }
  }

  @Test
  public void documentHasTheFeaturesOfTheStagesItReached() throws Exception {
    Answer answer = ask("");
    Set<String> features = new HashSet<>(LEXICAL);
    assertEquals(features, names(entry(answer, 11).path("features")));
    Collections.addAll(features, "semantic", "popularity");
    assertEquals(features, names(entry(answer, 7).path("features")));
    features.add("crossEncoder");
    assertEquals(features, names(entry(answer, 0).path("features")));
  }

  @Test
  public void featuresAreThoseOfTheExplanation() throws Exception {
    Answer answer = ask("", "debugQuery", "true");
    JsonNode explanations = answer.json().path("debug").path("explain");
    for (int place = 0; place < 5; place++) {
      String text = explanations.path(answer.ids().get(place)).asText();
      JsonNode features = entry(answer, place).path("features");
      for (String name : List.of("semantic", "crossEncoder")) {
        String value = String.valueOf(features.path(name).floatValue());
        assertTrue(text, text.contains(value + " = "));
      }
      assertTrue(text, text.contains("'" + entry(answer, place).path("stage").asText() + "'"));
    }
  }

  @Test
  public void documentsBehindTheDepthAreOfTheFirstPass() throws Exception {
    Answer answer = ask("");
    assertTrue(answer.docs().size() > 12);
    for (int place = 12; place < answer.docs().size(); place++) {
      assertEquals("first pass", entry(answer, place).path("stage").asText());
      assertEquals(0, entry(answer, place).path("features").size());
    }
  }

  @Test
  public void cachedPageTellsTheSame() throws Exception {
    solr.search("q", "red shoe", "rows", "100", "rq", "{!cascade name=products}");
    solr.search("q", "red shoe", "rows", "100", "rq", "{!cascade name=products}");
    JsonNode docs = ask("").docs();
    assertEquals("deep", docs.get(0).path("[cascade]").path("stage").asText());
    assertEquals(docs, ask("").docs());
  }

  @Test
  public void withoutACascadeThereIsNothingToTell() throws Exception {
    Answer answer = solr.search("q", "red shoe", "fl", "id,[cascade]");
    assertFalse(answer.docs().get(0).has("[cascade]"));
  }
}
