package io.github.solrcascade.feature;

import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.solr.common.SolrException;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrRequestInfo;
import org.apache.solr.schema.NumberType;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.util.DateMathParser;

/**
 * How recent the document is: 1 for now, less the further its date lies from the origin.
 *
 * <pre>{@code
 * {"name": "recency", "class": "io.github.solrcascade.feature.RecencyFeature",
 *  "params": {"field": "date_released", "halfLife": "365d", "defaultValue": 0.5}}
 *
 * {"name": "nearFair", "class": "io.github.solrcascade.feature.RecencyFeature",
 *  "params": {"field": "date_released", "function": "gaussian", "origin": "2020-01-07T00:00:00Z",
 *             "scale": "30d", "offset": "2d", "decay": 0.5}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code field}: a single-valued date field with doc values.
 *   <li>{@code halfLife}: the age at which the value is one half; dates after the origin count as
 *       new. Or, instead of it, {@code scale}: the distance, earlier or later, at which the value
 *       is {@code decay} (0.5 if not given), counted from {@code offset} (0s) away from the origin.
 *   <li>{@code origin}: a date or Solr date math; {@code NOW/HOUR} if not given, which is the
 *       {@code NOW} of the request, rounded so that pages can be cached for an hour.
 *   <li>{@code function}: {@code exponential} (the default), {@code linear} or {@code gaussian}.
 *   <li>{@code defaultValue}: for documents without a date; 0 if not given.
 * </ul>
 */
public final class RecencyFeature extends CheckedFeature implements TimedFeature {
  private String field;
  private String halfLife;
  private String origin = "NOW/HOUR";
  private String scale;
  private String offset;
  private Double decay;
  private String function = Decay.EXPONENTIAL.label();

  private Decay parsedFunction;
  private double scaleMillis;
  private double offsetMillis;

  /** Called by LTR's feature store. */
  public RecencyFeature(String name, Map<String, Object> params) {
    super(name, params);
  }

  /** The date field. */
  public void setField(String field) {
    this.field = field;
  }

  /** The age of half value. */
  public void setHalfLife(String halfLife) {
    this.halfLife = halfLife;
  }

  /** The date from which distance is measured. */
  public void setOrigin(String origin) {
    this.origin = origin;
  }

  /** The distance at which the value is {@code decay}. */
  public void setScale(String scale) {
    this.scale = scale;
  }

  /** The distance up to which the value is 1. */
  public void setOffset(String offset) {
    this.offset = offset;
  }

  /** The value at {@code scale}. */
  public void setDecay(Number decay) {
    this.decay = decay.doubleValue();
  }

  /** The decay function. */
  public void setFunction(String function) {
    this.function = function;
  }

  @Override
  public LinkedHashMap<String, Object> paramsToMap() {
    LinkedHashMap<String, Object> params = defaultParamsToMap();
    put(params, "field", field);
    put(params, "halfLife", halfLife);
    put(params, "origin", origin);
    put(params, "scale", scale);
    put(params, "offset", offset);
    put(params, "decay", decay);
    put(params, "function", function);
    return params;
  }

  private static void put(Map<String, Object> params, String key, Object value) {
    if (value != null) {
      params.put(key, value);
    }
  }

  @Override
  protected void checkParameters() {
    required("field", field);
    if ((halfLife == null) == (scale == null)) {
      throw wrong("halfLife", halfLife, "give either halfLife or scale");
    }
    if (halfLife != null && (offset != null || decay != null)) {
      throw wrong("halfLife", halfLife, "offset and decay go with scale, not with halfLife");
    }
    if (decay != null && !(decay > 0 && decay < 1)) {
      throw wrong("decay", decay, "must be between 0 and 1, both excluded");
    }
    parsedFunction = parseFunction();
    String parameter = halfLife == null ? "scale" : "halfLife";
    scaleMillis = parseAge(parameter, halfLife == null ? scale : halfLife);
    if (scaleMillis == 0) {
      throw wrong(parameter, halfLife == null ? scale : halfLife, "must be more than 0");
    }
    offsetMillis = offset == null ? 0 : parseAge("offset", offset);
    checkOrigin();
  }

  private Decay parseFunction() {
    for (Decay each : Decay.values()) {
      if (each.label().equals(function)) {
        return each;
      }
    }
    throw wrong("function", function, "must be exponential, linear or gaussian");
  }

  private double parseAge(String parameter, String text) {
    try {
      Duration age = Age.parse(text);
      return age.toMillis();
    } catch (IllegalArgumentException e) {
      throw wrong(parameter, text, e.getMessage());
    }
  }

  private void checkOrigin() {
    try {
      from(new Date(0));
    } catch (SolrException e) {
      throw wrong("origin", origin, "must be a date or date math such as NOW/DAY");
    }
  }

  @Override
  public void check(SolrCore core) {
    SchemaField schemaField = schemaField(core, "field", field);
    if (schemaField.getType().getNumberType() != NumberType.DATE
        || !schemaField.hasDocValues()
        || schemaField.multiValued()) {
      throw wrong("field", field, "must be a single-valued date field with docValues");
    }
  }

  @Override
  public long instant(Date now, Map<String, List<String>> efi) {
    return from(now);
  }

  private long from(Date now) {
    return DateMathParser.parseMath(now, origin).getTime();
  }

  @Override
  public FeatureWeight createWeight(
      IndexSearcher searcher,
      boolean needsScores,
      SolrQueryRequest request,
      Query originalQuery,
      Map<String, String[]> efi) {
    SolrRequestInfo info = SolrRequestInfo.getRequestInfo();
    long from = from(info == null ? new Date() : info.getNOW());
    return new RecencyWeight(searcher, request, originalQuery, efi, from);
  }

  /** The value for a date, both in epoch milliseconds. */
  float value(long date, long from) {
    double age = (double) from - date;
    double distance = halfLife == null ? Math.abs(age) : Math.max(0, age);
    double beyond = Math.max(0, distance - offsetMillis);
    return (float) parsedFunction.at(beyond, scaleMillis, decay == null ? 0.5 : decay);
  }

  private final class RecencyWeight extends BaseWeight {
    private final long from;

    RecencyWeight(
        IndexSearcher searcher,
        SolrQueryRequest request,
        Query originalQuery,
        Map<String, String[]> efi,
        long from) {
      super(searcher, request, originalQuery, efi);
      this.from = from;
    }

    @Override
    public FeatureScorer scorer(LeafReaderContext context) throws IOException {
      NumericDocValues dates = context.reader().getNumericDocValues(field);
      return dates == null ? null : scorer(dates, doc -> value(dates.longValue(), from));
    }
  }
}
