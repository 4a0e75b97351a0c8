package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.Test;

/** The laws that hold for every search with a cascade. */
public class CascadeSearchTest extends SolrTest {
  private static final String QUERY = "red shoe";

  private static Answer firstPass(String... more) throws Exception {
    return solr.search(with(more, "q", QUERY));
  }

  private static Answer cascade(String localParams, String... more) throws Exception {
    return solr.search(with(more, "q", QUERY, "rq", "{!cascade " + localParams + "}"));
  }

  private static String[] with(String[] more, String... first) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  @Test
  public void isPermutationOfTheFirstPass() throws Exception {
    List<String> before = firstPass("rows", "100").ids();
    List<String> after = cascade("name=products", "rows", "100").ids();
    assertEquals(before.size(), after.size());
    assertEquals(new HashSet<>(before), new HashSet<>(after));
    assertNotEquals(before, after);
  }

  @Test
  public void documentsBehindTheDepthKeepTheirFirstPassOrder() throws Exception {
    List<String> before = firstPass("rows", "100").ids();
    List<String> after = cascade("name=products", "rows", "100").ids();
    assertEquals(before.subList(12, before.size()), after.subList(12, after.size()));
    assertEquals(new HashSet<>(before.subList(0, 12)), new HashSet<>(after.subList(0, 12)));
  }

  @Test
  public void laterStagesStandAboveEarlierOnesAndSortByScore() throws Exception {
    JsonNode docs = cascade("name=products", "rows", "12", "fl", "id,score,[cascade]").docs();
    for (int i = 0; i < docs.size(); i++) {
      String stage = i < 5 ? "deep" : i < 8 ? "semantic" : "lexical";
      assertEquals(stage, docs.get(i).path("[cascade]").path("stage").asText());
      boolean first = i == 0 || i == 5 || i == 8;
      assertTrue(
          first
              || docs.get(i - 1).path("score").asDouble() >= docs.get(i).path("score").asDouble());
    }
  }

  @Test
  public void tiesAreBrokenByDocId() throws Exception {
    // Without the feature's value every document has the same score.
    JsonNode docs =
        solr.search(
                "q",
                "*:*",
                "fq",
                "-popularity:*",
                "rows",
                "6",
                "fl",
                "id,[docid],score",
                "rq",
                "{!cascade name=popular}")
            .docs();
    assertTrue(docs.size() > 2);
    for (int i = 1; i < docs.size(); i++) {
      assertEquals(3.0, docs.get(i).path("score").asDouble(), 0);
      assertTrue(docs.get(i - 1).path("[docid]").asInt() < docs.get(i).path("[docid]").asInt());
    }
  }

  @Test
  public void explanationsEqualScores() throws Exception {
    Answer answer = cascade("name=products", "rows", "100", "fl", "id,score", "debugQuery", "true");
    JsonNode explain = answer.json().path("debug").path("explain");
    for (JsonNode doc : answer.docs()) {
      double explained = Explanations.valueOf(explain.path(doc.path("id").asText()));
      assertEquals(doc.path("score").asDouble(), explained, 0);
    }
    String best = explain.path(answer.ids().get(0)).asText();
    assertTrue(best, best.contains("last stage reached 'deep' (3 of 3)"));
    assertTrue(best, best.contains("weight on feature"));
    assertTrue(best, best.contains("first pass score"));
  }

  @Test
  public void explanationShowsDefaults() throws Exception {
    Answer answer =
        solr.search(
            "q",
            QUERY,
            "fq",
            "-date:*",
            "rows",
            "1",
            "debugQuery",
            "true",
            "rq",
            "{!cascade name=products stages=1}");
    String text = answer.json().path("debug").path("explain").path(answer.ids().get(0)).asText();
    assertTrue(text, text.contains("0.25 = default value, document has none: RecencyFeature"));
  }

  @Test
  public void pagesNeitherLoseNorRepeatDocuments() throws Exception {
    List<String> whole = cascade("name=products", "rows", "100").ids();
    List<String> paged = new ArrayList<>();
    int rows = 1 + random().nextInt(9);
    for (int start = 0; start < whole.size(); start += rows) {
      paged.addAll(cascade("name=products", "start", "" + start, "rows", "" + rows).ids());
    }
    assertEquals(whole, paged);
  }

  @Test
  public void stagesAndDepthCanBeCut() throws Exception {
    JsonNode two =
        cascade("name=products stages=2 cache=false").json().path("cascade").path("stages");
    assertEquals(2, two.size());
    JsonNode capped =
        cascade("name=products reRankDocs=7 cache=false").json().path("cascade").path("stages");
    assertEquals(7, capped.get(0).path("docs").asInt());
    assertEquals(7, capped.get(1).path("docs").asInt());
    assertEquals(5, capped.get(2).path("docs").asInt());
  }

  @Test
  public void sectionTellsOfEveryStage() throws Exception {
    JsonNode section = cascade("name=products cache=false", "rows", "3").json().path("cascade");
    assertEquals("products", section.path("name").asText());
    JsonNode stage = section.path("stages").get(2);
    assertEquals("deep", stage.path("name").asText());
    assertEquals("deep", stage.path("model").asText());
    assertEquals(5, stage.path("docs").asInt());
    assertTrue(stage.path("featureMs").asDouble() > 0);
    assertEquals("completed", stage.path("outcome").asText());
  }

  @Test
  public void dereferencesParameters() throws Exception {
    Answer direct = cascade("name=products efi.text=boot", "rows", "20");
    Answer dereferenced =
        cascade("name=$which efi.text=$words", "rows", "20", "which", "products", "words", "boot");
    assertEquals(direct.ids(), dereferenced.ids());
  }

  @Test
  public void textIsTheMainQuerysBehindItsLocalParams() throws Exception {
    List<String> plain = cascade("name=products", "rows", "20", "fl", "id,score").ids();
    Answer local =
        solr.search(
            "q",
            "{!lucene df=title v=$words}",
            "words",
            QUERY,
            "rows",
            "20",
            "rq",
            "{!cascade name=products}");
    assertEquals(plain, local.ids());
  }

  @Test
  public void filtersFacetsAndHighlightingWork() throws Exception {
    Answer answer =
        cascade(
            "name=products",
            "fq",
            "brand:red",
            "facet",
            "true",
            "facet.field",
            "brand",
            "hl",
            "true",
            "hl.fl",
            "title",
            "rows",
            "100");
    assertEquals(firstPass("fq", "brand:red", "rows", "100").ids().size(), answer.ids().size());
    JsonNode brands = answer.json().path("facet_counts").path("facet_fields").path("brand");
    assertEquals("red", brands.get(0).asText());
    assertEquals(answer.ids().size(), brands.get(1).asInt());
    assertEquals(answer.ids().size(), answer.json().path("highlighting").size());
  }

  @Test
  public void collapseKeepsOneDocumentAGroup() throws Exception {
    Answer answer =
        cascade("name=products", "fq", "{!collapse field=brand}", "fl", "id,brand", "rows", "10");
    List<String> brands = answer.docs().findValuesAsText("brand");
    assertEquals(new HashSet<>(brands).size(), brands.size());
    assertEquals(
        new HashSet<>(firstPass("fq", "{!collapse field=brand}").ids()),
        new HashSet<>(answer.ids()));
  }

  @Test
  public void elevatedDocumentsStayOnTop() throws Exception {
    String[] params = {"q", QUERY, "rows", "100", "rq", "{!cascade name=products}"};
    Answer answer = solr.get("/elevate", params);
    assertEquals(List.of("7", "3"), answer.ids().subList(0, 2));
    assertEquals(answer.ids().size(), new HashSet<>(answer.ids()).size());
  }

  @Test
  public void sortPicksTheCandidates() throws Exception {
    // With and without scores, which decides how Solr would answer on its own.
    for (String fields : List.of("id", "id,score")) {
      List<String> cheapest =
          firstPass("sort", "price asc, id asc", "rows", "6", "fl", fields).ids();
      List<String> ranked =
          cascade("name=popular", "sort", "price asc, id asc", "rows", "6", "fl", fields).ids();
      assertEquals(new HashSet<>(cheapest), new HashSet<>(ranked));
      List<String> popular =
          solr.search(
                  "q",
                  "{!terms f=id}" + String.join(",", cheapest),
                  "rows",
                  "6",
                  "sort",
                  "def(popularity,3) desc, [docid] asc".replace("[docid]", "_docid_"))
              .ids();
      assertEquals(popular, ranked);
    }
  }

  @Test
  public void treesRank() throws Exception {
    Answer answer =
        solr.search(
            "q",
            "*:*",
            "fq",
            "popularity:[51 TO *] AND date:*",
            "rows",
            "10",
            "fl",
            "score,date",
            "rq",
            "{!cascade name=trees}",
            "NOW",
            "1420070400000"); // 2015-01-01
    for (JsonNode doc : answer.docs()) {
      boolean recent = doc.path("date").asText().compareTo("2014-01-01") >= 0;
      assertEquals(recent ? 22 : 7, doc.path("score").asDouble(), 0);
    }
  }

  @Test
  public void annFirstPassAndBothTogether() throws Exception {
    String ann = "{!knn_text f=vector encoder=bi topK=9}" + QUERY;
    Answer nearest = solr.search("q", ann, "rows", "20", "rq", "{!cascade name=products}");
    assertEquals(9, nearest.ids().size());
    assertEquals(
        new HashSet<>(solr.search("q", ann, "rows", "20").ids()), new HashSet<>(nearest.ids()));
    Answer both =
        solr.search(
            "q",
            "{!bool should=$lexical should=$ann}",
            "lexical",
            "{!lucene df=title v=$words}",
            "ann",
            "{!knn_text f=vector encoder=bi topK=9 v=$words}",
            "words",
            QUERY,
            "rows",
            "50",
            "rq",
            "{!cascade name=products efi.text=$words}");
    assertTrue(both.ids().containsAll(nearest.ids()));
    assertTrue(both.ids().containsAll(firstPass("rows", "50").ids()));
  }

  @Test
  public void survivesAnyText() throws Exception {
    List<String> texts =
        List.of(
            "",
            " ",
            "\uD83D\uDC5F\uD83D\uDD25 \u0007\u0001 \u202E",
            "red shoe ".repeat(1111),
            "${title}",
            "{!func}1");
    for (String text : texts) {
      Answer answer =
          solr.search(
              "q",
              "{!lucene df=title}" + QUERY,
              "words",
              text,
              "rows",
              "20",
              "expandMacros",
              "false",
              "rq",
              "{!cascade name=products cache=false efi.text=$words}");
      assertEquals(3, answer.json().path("cascade").path("stages").size());
      assertFalse(answer.json().path("responseHeader").has("partialResults"));
    }
  }

  @Test
  public void emptyQueryAndNoHits() throws Exception {
    assertEquals(0, solr.search("q", "", "rq", "{!cascade name=products}").ids().size());
    Answer none = solr.search("q", "nowhere", "rq", "{!cascade name=products}");
    assertEquals(0, none.ids().size());
    assertFalse(none.json().path("cascade").has("servedFrom"));
    assertEquals(0, cascade("name=products", "rows", "0").ids().size());
  }

  @Test
  public void survivesAnyTextInTheMainQuery() throws Exception {
    for (String text :
        List.of(
            "shoe \uD83D\uDC5F\uD83D\uDD25",
            "red \u0007\u0001 \u202E shoe",
            "red shoe ".repeat(1111),
            "red \"shoe ) OR *:* {!func}1 [")) {
      Answer answer =
          solr.search(
              "q",
              text,
              "defType",
              "edismax",
              "qf",
              "title text",
              "rows",
              "20",
              "rq",
              "{!cascade name=products cache=false}");
      assertEquals(3, answer.json().path("cascade").path("stages").size());
      assertFalse(answer.json().path("responseHeader").has("partialResults"));
      assertFalse(answer.ids().isEmpty());
    }
  }

  @Test
  public void emptyTextBehindLocalParamsIsText() throws Exception {
    for (String q : List.of("{!edismax qf=title q.alt=*:*}", "{!edismax q.alt=*:* v=$words}")) {
      String rq = "{!cascade name=products}";
      Answer answer = solr.search("q", q, "words", "", "rows", "20", "rq", rq);
      assertEquals(20, answer.ids().size());
    }
  }

  @Test
  public void scoresAreThereWhenAskedFor() throws Exception {
    Answer without = cascade("name=products", "fl", "id");
    Answer with = cascade("name=products", "fl", "id,score");
    assertEquals(without.ids(), with.ids());
    assertFalse(without.docs().get(0).has("score"));
    assertTrue(with.docs().get(0).has("score"));
  }

  @Test
  public void sortByScoreIsNoSort() throws Exception {
    String[] all = {"rows", "100", "fl", "id,score"};
    assertEquals(
        cascade("name=products", all).docs(),
        cascade("name=products", with(all, "sort", "score desc")).docs());
  }

  @Test
  public void manyRowsAndFarPages() throws Exception {
    String most = String.valueOf(Integer.MAX_VALUE);
    List<String> whole = cascade("name=products", "rows", "100").ids();
    assertEquals(whole, cascade("name=products", "rows", most).ids());
    assertEquals(List.of(), cascade("name=products", "rows", "10", "start", most).ids());
    // Solr's own arithmetic overflows here, with and without a cascade.
    assertEquals(
        firstPass("rows", most, "start", "5").ids(),
        cascade("name=products", "rows", most, "start", "5").ids());
  }

  @Test
  public void noRowsNeedNoCascade() throws Exception {
    Answer answer = cascade("name=products", "rows", "0", "facet", "true", "facet.field", "brand");
    assertEquals(0, answer.ids().size());
    assertTrue(answer.json().path("response").path("numFound").asInt() > 0);
    assertEquals("products", answer.json().path("cascade").path("name").asText());
    assertFalse(answer.json().path("cascade").has("servedFrom"));
  }

  @Test
  public void expandedGroupsFollowTheCascade() throws Exception {
    String[] params = {"fq", "{!collapse field=brand}", "expand", "true", "expand.rows", "100"};
    Answer answer = cascade("name=products", with(params, "fl", "id,brand"));
    JsonNode expanded = answer.json().path("expanded");
    int members = 0;
    for (JsonNode doc : answer.docs()) {
      members += 1 + expanded.path(doc.path("brand").asText()).path("docs").size();
    }
    assertEquals(firstPass("rows", "100").ids().size(), members);
  }

  @Test
  public void elevatedPagesNeitherLoseNorRepeatDocuments() throws Exception {
    List<String> whole = elevated("0", "100");
    List<String> paged = new ArrayList<>();
    int rows = 1 + random().nextInt(9);
    for (int start = 0; start < whole.size(); start += rows) {
      paged.addAll(elevated("" + start, "" + rows));
    }
    assertEquals(whole, paged);
  }

  private static List<String> elevated(String start, String rows) throws Exception {
    String rq = "{!cascade name=products}";
    return solr.get("/elevate", "q", QUERY, "rq", rq, "start", start, "rows", rows).ids();
  }

  @Test
  public void moreElevatedDocumentsThanAStageReranksStayInTheirOrder() throws Exception {
    String ids = "9,8,7,6,5,4,3,2,1,0,10,11,12,13,14";
    Answer answer =
        solr.get(
            "/elevate",
            "q",
            QUERY,
            "rows",
            "100",
            "elevateIds",
            ids,
            "rq",
            "{!cascade name=popular}");
    assertEquals(List.of(ids.split(",")), answer.ids().subList(0, 15));
    assertEquals(answer.ids().size(), new HashSet<>(answer.ids()).size());
  }

  @Test
  public void knnVectorFirstPass() throws Exception {
    String knn = "{!knn f=vector topK=11}[1,0,0,0,0,0,0,0]";
    Answer first = solr.search("q", knn, "rows", "20", "fl", "id,score");
    String rq = "{!cascade name=products efi.text='red shoe'}";
    Answer answer = solr.search("q", knn, "rows", "20", "rq", rq, "debugQuery", "true");
    assertEquals(11, answer.ids().size());
    assertEquals(new HashSet<>(first.ids()), new HashSet<>(answer.ids()));
    String best = answer.json().path("debug").path("explain").path(answer.ids().get(0)).asText();
    assertTrue(best, best.contains("last stage reached 'deep'"));
  }
}
