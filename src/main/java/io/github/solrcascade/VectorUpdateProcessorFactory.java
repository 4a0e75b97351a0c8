package io.github.solrcascade;

import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import io.github.solrcascade.feature.CoreEncoders;
import io.github.solrcascade.tokenvector.TokenPooling;
import io.github.solrcascade.tokenvector.TokenVectorField;
import io.github.solrcascade.tokenvector.TokenVectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.response.SolrQueryResponse;
import org.apache.solr.schema.DenseVectorField;
import org.apache.solr.schema.FieldType;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.update.AddUpdateCommand;
import org.apache.solr.update.processor.AtomicUpdateDocumentMerger;
import org.apache.solr.update.processor.UpdateRequestProcessor;
import org.apache.solr.update.processor.UpdateRequestProcessorFactory;
import org.apache.solr.util.plugin.SolrCoreAware;

/**
 * Fills a field with what an encoder makes of the document's text: a {@code DenseVectorField} with
 * its vector, or a {@link TokenVectorField} with the vectors of its tokens.
 *
 * <pre>{@code
 * <processor class="io.github.solrcascade.VectorUpdateProcessorFactory">
 *   <str name="encoder">minilm</str>
 *   <str name="field">vector</str>
 *   <str name="source">title</str>
 *   <str name="source">text</str>
 * </processor>
 * }</pre>
 *
 * <ul>
 *   <li>{@code encoder}: a configured bi-encoder or late-interaction encoder.
 *   <li>{@code field}: the field, of the kind and the dimensions that the encoder needs. A document
 *       that brings its own value keeps it.
 *   <li>{@code source}: the fields whose texts, joined by spaces, are encoded. A document without
 *       any gets no value.
 *   <li>{@code maxTokens}: the length at which the text is cut; the encoder's maximum if not given.
 *       The time that a text takes grows with it.
 *   <li>{@code poolFactor}: of a late-interaction encoder: how many token vectors become one, see
 *       {@link TokenPooling}; 1, which keeps all, if not given.
 *   <li>{@code enable}: {@code false} leaves the processor out; its other keys must be there all
 *       the same.
 * </ul>
 *
 * <p>An atomic update of a source field is refused with 400: it does not hold the whole text, so
 * the vector would be left behind. One of other fields leaves the vector as it is.
 */
public final class VectorUpdateProcessorFactory extends UpdateRequestProcessorFactory
    implements SolrCoreAware {
  private static final List<String> KEYS =
      List.of("encoder", "field", "source", "maxTokens", "poolFactor", "enable");

  private String encoder;
  private String field;
  private List<String> sources;
  private Integer maxTokens;
  private int poolFactor = 1;
  private boolean enabled = true;

  /** What an encoder makes of a text, as the field takes it. */
  @FunctionalInterface
  private interface Encoding {
    Object of(String text);
  }

  @Override
  public void init(NamedList<?> args) {
    encoder = single(args, "encoder");
    field = single(args, "field");
    sources = args.getAll("source").stream().map(String::valueOf).toList();
    if (sources.isEmpty()) {
      throw mistake("source", "missing", "must name at least one field");
    }
    if (args.get("maxTokens") != null) {
      maxTokens = wholeNumber("maxTokens", args.get("maxTokens"));
    }
    if (args.get("poolFactor") != null) {
      poolFactor = wholeNumber("poolFactor", args.get("poolFactor"));
    }
    if (args.get("enable") != null) {
      enabled = flag("enable", args.get("enable"));
    }
    args.forEach(
        (key, value) -> {
          if (!KEYS.contains(key)) {
            throw mistake(key, value, "unknown key, known: " + KEYS);
          }
        });
  }

  private static String single(NamedList<?> args, String key) {
    List<?> values = args.getAll(key);
    if (values.size() != 1 || !(values.get(0) instanceof String text) || text.isBlank()) {
      throw mistake(key, values, "must be given once, as a <str>");
    }
    return text;
  }

  private static int wholeNumber(String key, Object value) {
    if (!(value instanceof Integer number)) {
      throw mistake(key, value, "must be an <int>");
    }
    return number;
  }

  private static boolean flag(String key, Object value) {
    if (!(value instanceof Boolean flag)) {
      throw mistake(key, value, "must be a <bool>");
    }
    return flag;
  }

  private static SolrException mistake(String key, Object value, String rule) {
    return new SolrException(
        ErrorCode.SERVER_ERROR,
        VectorUpdateProcessorFactory.class.getSimpleName()
            + "."
            + key
            + ": "
            + value
            + ", "
            + rule);
  }

  /**
   * Checks encoder, length and field.
   *
   * @throws SolrException with the parameter, its value and the rule; the core does not load
   */
  @Override
  public void inform(SolrCore core) {
    if (!enabled) {
      return;
    }
    Encoder found = encoder(core);
    if (maxTokens != null && !found.manifest().allows(maxTokens)) {
      throw mistake("maxTokens", maxTokens, "must suit encoder '" + encoder + "'");
    }
    if (poolFactor < 1 || (poolFactor > 1 && !(found instanceof LateInteractionEncoder))) {
      throw mistake("poolFactor", poolFactor, "must be ≥ 1, and 1 but for late interaction");
    }
    SchemaField schemaField = core.getLatestSchema().getFieldOrNull(field);
    encoding(found, schemaField == null ? null : schemaField.getType());
  }

  private Encoder encoder(SolrCore core) {
    try {
      return CoreEncoders.find(core, encoder);
    } catch (IllegalArgumentException e) {
      throw mistake("encoder", encoder, e.getMessage());
    }
  }

  /** What makes the field's value; the encoder's kind decides, and the field's type must fit. */
  private Encoding encoding(Encoder found, FieldType type) {
    int length = maxTokens == null ? found.manifest().maxTokens() : maxTokens;
    if (found instanceof BiEncoder bi) {
      int dimensions = bi.dimensions();
      require(
          "DenseVectorField",
          dimensions,
          type instanceof DenseVectorField dense && dense.getDimension() == dimensions);
      return text -> numbers(bi.encodeDocument(text, length));
    }
    if (found instanceof LateInteractionEncoder late) {
      int dimensions = late.dimensions();
      require(
          "TokenVectorField",
          dimensions,
          type instanceof TokenVectorField tokens && tokens.dimensions() == dimensions);
      return text ->
          TokenVectors.encode(TokenPooling.pool(late.encodeDocument(text, length), poolFactor));
    }
    throw mistake("encoder", encoder, "must be a bi-encoder or a late-interaction encoder");
  }

  private void require(String type, int dimensions, boolean holds) {
    if (!holds) {
      throw mistake("field", field, "must be a " + type + " of dimension " + dimensions);
    }
  }

  private static List<Float> numbers(float[] vector) {
    List<Float> numbers = new ArrayList<>();
    for (float value : vector) {
      numbers.add(value);
    }
    return numbers;
  }

  @Override
  public UpdateRequestProcessor getInstance(
      SolrQueryRequest request, SolrQueryResponse response, UpdateRequestProcessor next) {
    if (!enabled) {
      return next;
    }
    FieldType type = request.getSchema().getFieldType(field);
    Encoding encoding = encoding(encoder(request.getCore()), type);
    return new UpdateRequestProcessor(next) {
      @Override
      public void processAdd(AddUpdateCommand command) throws IOException {
        SolrInputDocument document = command.getSolrInputDocument();
        if (AtomicUpdateDocumentMerger.isAtomicUpdate(command)) {
          refuseSources(document);
        } else {
          addVectors(document, encoding);
        }
        super.processAdd(command);
      }
    };
  }

  /** An atomic update may hold some of the sources, even as plain values, but never all text. */
  private void refuseSources(SolrInputDocument document) {
    for (String source : sources) {
      if (document.containsKey(source) && !document.containsKey(field)) {
        throw new BadRequest(
            source,
            document.getFieldValue(source),
            "an atomic update would leave '" + field + "' behind: send the whole document");
      }
    }
  }

  private void addVectors(SolrInputDocument document, Encoding encoding) {
    if (document.containsKey(field)) {
      return;
    }
    String text = textOf(document);
    if (!text.isEmpty()) {
      document.setField(field, encoding.of(text));
    }
  }

  private String textOf(SolrInputDocument document) {
    List<String> parts = new ArrayList<>();
    for (String source : sources) {
      Collection<Object> values = document.getFieldValues(source);
      for (Object value : values == null ? List.of() : values) {
        parts.add(String.valueOf(value).strip());
      }
    }
    return String.join(" ", parts).strip();
  }
}
