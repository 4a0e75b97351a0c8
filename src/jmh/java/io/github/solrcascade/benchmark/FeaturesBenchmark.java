package io.github.solrcascade.benchmark;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.candidates.FeatureMatrix;
import io.github.solrcascade.feature.FeatureExtractor;
import io.github.solrcascade.feature.FeatureSet;
import io.github.solrcascade.feature.QueryFeature;
import io.github.solrcascade.feature.RecencyFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.core.SolrCore;
import org.apache.solr.core.SolrResourceLoader;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.feature.FieldLengthFeature;
import org.apache.solr.ltr.feature.FieldValueFeature;
import org.apache.solr.ltr.feature.OriginalScoreFeature;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrQueryRequestBase;
import org.apache.solr.search.QParser;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * The same 20 features of a query's first 200 documents of the demo's catalogue: document at a
 * time, as LTR extracts them, and the cascade's way. Both begin with the features alone and create
 * their weights, as each request does; a round is all queries.
 */
final class FeaturesBenchmark {
  private static final int DOCUMENTS = 200;

  /** In a round, so that one takes long enough to be timed. */
  private static final int REPEATS = 10;

  private static final List<String> QUERIES =
      List.of(
          "android tablet",
          "hp laser printer toner",
          "wireless mouse",
          "usb 2.0 cable",
          "dell notebook 15 inch",
          "1920 x 1080 pixels monitor",
          "canon digital camera",
          "power adapter for laptop",
          "black case",
          "network switch gigabit");

  private final List<Feature> features;
  private final List<Search> searches = new ArrayList<>();

  private FeaturesBenchmark(SolrCore core, List<Feature> features) throws Exception {
    this.features = features;
    for (int i = 0; i < features.size(); i++) {
      features.get(i).setIndex(i);
    }
    for (String text : QUERIES) {
      searches.add(search(core, text));
    }
  }

  /** A query's request, and what it found. */
  private record Search(
      SolrQueryRequest request, Query query, Map<String, String[]> efi, TopDocs found) {}

  static void run(PrintStream out) throws Exception {
    try (DemoSolr demo = DemoSolr.start(0);
        SolrCore core = demo.solr().core()) {
      List<Feature> all = features(core.getResourceLoader());
      // LTR reads a stored field's value from the document, which is most of its time.
      List<Feature> others = all.stream().filter(f -> !(f instanceof FieldValueFeature)).toList();
      String measured = new FeaturesBenchmark(core, all).measure(out);
      String without = new FeaturesBenchmark(core, others).measure(out);
      out.println(
          measured.substring(0, measured.length() - 1)
              + ",\"withoutFieldValues\":"
              + without
              + "}");
    }
  }

  /** Milliseconds of the cascade's extraction of the first so many features, for a query. */
  static double millis(SolrCore core, int count) throws Exception {
    List<Feature> first = features(core.getResourceLoader()).subList(0, count);
    FeaturesBenchmark benchmark = new FeaturesBenchmark(core, first);
    Contest contest = new Contest().add("ours", () -> benchmark.each(benchmark::cascade));
    double millis = contest.run(10, 11).get("ours");
    benchmark.searches.forEach(search -> search.request().close());
    return millis / REPEATS / benchmark.searches.size();
  }

  private String measure(PrintStream out) throws Exception {
    int documents = searches.stream().mapToInt(s -> s.found().scoreDocs.length).sum();
    double furthest = furthestApart();
    Map<String, Double> millis =
        new Contest()
            .add("document at a time", () -> each(this::documentAtATime))
            .add("solr-cascade", () -> each(this::cascade))
            .run(10, 21);
    searches.forEach(search -> search.request().close());
    double perSearch = (double) REPEATS * searches.size();
    double reference = millis.get("document at a time") / perSearch;
    double ours = millis.get("solr-cascade") / perSearch;
    out.printf(
        Locale.ROOT,
        "%d features of %d documents, %d queries; values differ by at most %.1e%n",
        features.size(),
        documents,
        QUERIES.size(),
        furthest);
    out.printf(Locale.ROOT, "  document at a time %7.3f ms a query%n", reference);
    out.printf(Locale.ROOT, "  solr-cascade       %7.3f ms a query%n", ours);
    return String.format(
        Locale.ROOT,
        "{\"ratio\":%.3f,\"referenceMs\":%.4f,\"oursMs\":%.4f,\"features\":%d,\"documents\":%d,"
            + "\"furthestApart\":%.1e}",
        reference / ours,
        reference,
        ours,
        features.size(),
        documents,
        furthest);
  }

  private void each(Consumer<Search> extraction) {
    for (int i = 0; i < REPEATS; i++) {
      searches.forEach(extraction);
    }
  }

  private static Search search(SolrCore core, String text) throws Exception {
    ModifiableSolrParams params = new ModifiableSolrParams();
    params.set("qf", "title^2 text brand^2").set("tie", "0.3").set("mm", "1");
    SolrQueryRequest request = new SolrQueryRequestBase(core, params) {};
    Query query = QParser.getParser(text, "edismax", request).getQuery();
    TopDocs found = request.getSearcher().search(query, DOCUMENTS);
    return new Search(request, query, Map.of("text", new String[] {text}), found);
  }

  private float[][] documentAtATime(Search search) {
    try {
      return LtrExtraction.extract(
          features,
          search.request().getSearcher(),
          search.request(),
          search.query(),
          search.efi(),
          search.found().scoreDocs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FeatureMatrix cascade(Search search) {
    FeatureSet set = new FeatureSet();
    int[] columns = set.add(features);
    int[] docs = Arrays.stream(search.found().scoreDocs).mapToInt(found -> found.doc).toArray();
    float[] scores = new float[docs.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = search.found().scoreDocs[i].score;
    }
    SolrIndexSearcher searcher = search.request().getSearcher();
    FeatureExtractor extractor =
        new FeatureExtractor(
            set,
            new Candidates(docs, scores),
            searcher,
            search.request(),
            search.query(),
            search.efi());
    try {
      extractor.extract(columns, IntStream.range(0, docs.length).toArray(), Deadline.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return extractor.matrix();
  }

  private double furthestApart() {
    double furthest = 0;
    for (Search search : searches) {
      float[][] theirs = documentAtATime(search);
      FeatureMatrix ours = cascade(search);
      for (int doc = 0; doc < theirs.length; doc++) {
        for (int feature = 0; feature < features.size(); feature++) {
          furthest = Math.max(furthest, Math.abs(theirs[doc][feature] - ours.get(feature, doc)));
        }
      }
    }
    return furthest;
  }

  private static Map<String, String> featureQueries() {
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put("title", "{!edismax qf=title v=$text}");
    queries.put("text", "{!edismax qf=text v=$text}");
    queries.put("brand", "{!edismax qf=brand v=$text}");
    queries.put("titleAndText", "{!edismax qf='title text' tie=0.1 v=$text}");
    queries.put("titlePhrase", "{!field f=title v=$text}");
    queries.put("textPhrase", "{!field f=text v=$text}");
    queries.put("titlePairs", "{!edismax qf=title pf2=title v=$text}");
    queries.put("titleAllWords", "{!edismax qf=title mm=100% v=$text}");
    queries.put("textAllWords", "{!edismax qf=text mm=100% v=$text}");
    queries.put("brandWhole", "{!term f=brand v=$text}");
    queries.put("logPrice", "{!func}log(sum(price,1))");
    queries.put("pricePerPopularity", "{!func}div(price,sum(popularity,1))");
    queries.put("dated", "{!func}if(exists(date),1,0)");
    return queries;
  }

  private static List<Feature> features(SolrResourceLoader loader) {
    List<Feature> features = new ArrayList<>();
    features.add(feature(loader, OriginalScoreFeature.class, "originalScore", Map.of()));
    featureQueries()
        .forEach(
            (name, q) -> features.add(feature(loader, QueryFeature.class, name, Map.of("q", q))));
    for (String field : List.of("price", "popularity", "date")) {
      features.add(
          feature(loader, FieldValueFeature.class, field + "Value", Map.of("field", field)));
    }
    for (String field : List.of("title", "text")) {
      features.add(
          feature(loader, FieldLengthFeature.class, field + "Length", Map.of("field", field)));
    }
    Map<String, Object> recency = Map.of("field", "date", "halfLife", "1825d");
    features.add(feature(loader, RecencyFeature.class, "recency", recency));
    return List.copyOf(features);
  }

  private static Feature feature(
      SolrResourceLoader loader, Class<?> kind, String name, Map<String, Object> params) {
    return Feature.getInstance(loader, kind.getName(), name, params);
  }
}
