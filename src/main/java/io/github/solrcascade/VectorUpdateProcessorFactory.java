package io.github.solrcascade;

import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.feature.CoreEncoders;
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
import org.apache.solr.schema.SchemaField;
import org.apache.solr.update.AddUpdateCommand;
import org.apache.solr.update.processor.AtomicUpdateDocumentMerger;
import org.apache.solr.update.processor.UpdateRequestProcessor;
import org.apache.solr.update.processor.UpdateRequestProcessorFactory;
import org.apache.solr.util.plugin.SolrCoreAware;

/**
 * Fills a {@code DenseVectorField} with the vector of the document's text.
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
 *   <li>{@code encoder}: a configured bi-encoder.
 *   <li>{@code field}: the vector field. A document that brings its own vector keeps it.
 *   <li>{@code source}: the fields whose texts, joined by spaces, are encoded. A document without
 *       any gets no vector.
 *   <li>{@code maxTokens}: the length at which the text is cut; the encoder's maximum if not given.
 *       The time that a text takes grows with it.
 * </ul>
 *
 * <p>An atomic update of a source field is refused with 400: it does not hold the whole text, so
 * the vector would be left behind. One of other fields leaves the vector as it is.
 */
public final class VectorUpdateProcessorFactory extends UpdateRequestProcessorFactory
    implements SolrCoreAware {
  private static final List<String> KEYS = List.of("encoder", "field", "source", "maxTokens");

  private String encoder;
  private String field;
  private List<String> sources;
  private Integer maxTokens;

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
    BiEncoder biEncoder = biEncoder(core);
    if (maxTokens != null && !biEncoder.manifest().allows(maxTokens)) {
      throw mistake("maxTokens", maxTokens, "must suit encoder '" + encoder + "'");
    }
    SchemaField schemaField = core.getLatestSchema().getFieldOrNull(field);
    if (schemaField == null
        || !(schemaField.getType() instanceof DenseVectorField type)
        || type.getDimension() != biEncoder.dimensions()) {
      throw mistake(
          "field", field, "must be a DenseVectorField of dimension " + biEncoder.dimensions());
    }
  }

  private BiEncoder biEncoder(SolrCore core) {
    try {
      return CoreEncoders.biEncoder(core, encoder);
    } catch (IllegalArgumentException e) {
      throw mistake("encoder", encoder, e.getMessage());
    }
  }

  @Override
  public UpdateRequestProcessor getInstance(
      SolrQueryRequest request, SolrQueryResponse response, UpdateRequestProcessor next) {
    BiEncoder biEncoder = biEncoder(request.getCore());
    return new UpdateRequestProcessor(next) {
      @Override
      public void processAdd(AddUpdateCommand command) throws IOException {
        SolrInputDocument document = command.getSolrInputDocument();
        if (AtomicUpdateDocumentMerger.isAtomicUpdate(command)) {
          refuseSources(document);
        } else {
          addVector(document, biEncoder);
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

  private void addVector(SolrInputDocument document, BiEncoder biEncoder) {
    if (document.containsKey(field)) {
      return;
    }
    String text = textOf(document);
    if (!text.isEmpty()) {
      List<Float> vector = new ArrayList<>();
      int length = maxTokens == null ? biEncoder.manifest().maxTokens() : maxTokens;
      for (float value : biEncoder.encodeDocument(text, length)) {
        vector.add(value);
      }
      document.setField(field, vector);
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
