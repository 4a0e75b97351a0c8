package io.github.solrcascade.encoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Loads model folders with a broken file in them, in a process of its own, for native code that
 * breaks takes its process with it. Prints a line before and after each.
 */
final class Fuzz {
  private static final List<String> MODELS =
      List.of("tiny-cross-encoder", "minilm-mean-int8", "xlmr-unigram-sigmoid");

  private Fuzz() {}

  /** Takes the models' folder, a folder to write to, the number of files and the first's seed. */
  public static void main(String... arguments) throws Exception {
    int count = Integer.parseInt(arguments[2]);
    int first = Integer.parseInt(arguments[3]);
    for (int seed = first; seed < first + count; seed++) {
      System.out.println("begun " + seed);
      System.out.println(seed + " " + load(seed, Path.of(arguments[0]), Path.of(arguments[1])));
    }
    System.exit(0);
  }

  private static String load(int seed, Path models, Path scratch) throws Exception {
    Random random = new Random(seed);
    Path model = models.resolve(MODELS.get(random.nextInt(MODELS.size())));
    String broken = seed % 2 == 0 ? "model.onnx" : "tokenizer.json";
    Path folder = Files.createDirectories(scratch.resolve("model"));
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        byte[] sound = Files.readAllBytes(file);
        boolean change = file.getFileName().toString().equals(broken);
        Files.write(folder.resolve(file.getFileName()), change ? mutate(sound, random) : sound);
      }
    }
    correctSha(model.resolve(broken), folder, broken);
    try {
      Encoder encoder = Encoders.acquire(folder);
      try {
        use(encoder);
      } finally {
        Encoders.release(encoder);
      }
      return "loaded";
    } catch (EncoderException e) {
      return e.getMessage().contains(folder.toString()) || e.getMessage().startsWith("model '")
          ? "refused"
          : "unclear: " + e.getMessage();
    }
  }

  /** Some text, as a search would. */
  private static void use(Encoder encoder) {
    if (encoder instanceof CrossEncoder cross) {
      cross.score("red shoe", List.of("Red running shoes", "lamp", "\u4e00 \ud83d\ude00"), 16);
    } else {
      ((BiEncoder) encoder).encodeQuery("red running shoes \u4e00");
    }
  }

  private static void correctSha(Path sound, Path folder, String file) throws Exception {
    Path manifest = folder.resolve("model.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace(sha(sound), sha(folder.resolve(file))));
  }

  private static String sha(Path file) throws Exception {
    byte[] content = Files.readAllBytes(file);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  /** A few bytes changed, pieces cut out, doubled or overwritten by others, or the end cut off. */
  private static byte[] mutate(byte[] sound, Random random) throws IOException {
    byte[] bytes = sound.clone();
    for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 1; times--) {
      int from = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, from + 1 + random.nextInt(64));
      switch (random.nextInt(6)) {
        case 0 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[from] = (byte) random.nextInt(256);
        case 2 ->
            bytes = join(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
        case 3 ->
            bytes = join(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, from, bytes.length));
        case 4 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
        default ->
            System.arraycopy(
                bytes, random.nextInt(bytes.length - (to - from) + 1), bytes, from, to - from);
      }
    }
    return bytes;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
