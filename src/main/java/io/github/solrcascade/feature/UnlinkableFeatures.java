package io.github.solrcascade.feature;

import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.ltr.feature.Feature;

/**
 * LTR's {@code SolrFeature} as the last public solr-ltr has it, which Solr 9 cannot run: it needs a
 * class of Solr 8. The store would take it and every query would fail.
 */
public final class UnlinkableFeatures {
  private static final String SOLR_FEATURE = "org.apache.solr.ltr.feature.SolrFeature";

  private UnlinkableFeatures() {}

  /**
   * Refuses the class if it is one that cannot be run here.
   *
   * @throws SolrException 400 if the class cannot be run here
   */
  public static void refuse(String feature, Object className) {
    boolean solrFeature = SOLR_FEATURE.equals(className) || "solr.SolrFeature".equals(className);
    if (solrFeature && isOldLtr()) {
      throw new SolrException(
          ErrorCode.BAD_REQUEST,
          "feature '"
              + feature
              + "': class: "
              + className
              + ", this solr-ltr cannot run it on Solr 9: use "
              + QueryFeature.class.getName());
    }
  }

  private static boolean isOldLtr() {
    String version = Feature.class.getPackage().getImplementationVersion();
    return version != null && version.startsWith("8.");
  }
}
