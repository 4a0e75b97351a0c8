/**
 * ONNX transformers with their tokenizers. A folder is a model; one text or one pair of texts is
 * its unit of work. Tensors and tokens never leave this package.
 */
package io.github.solrcascade.encoder;
