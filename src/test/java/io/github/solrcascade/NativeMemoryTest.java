package io.github.solrcascade;

import static org.junit.Assume.assumeTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.Test;

/** What models take outside the heap does not grow with reloads and queries. */
public class NativeMemoryTest extends SolrTest {
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");
  private static final Pattern HEAP = Pattern.compile("\\[0x([0-9a-f]+), 0x([0-9a-f]+)");

  /** A leak grows in every round; what a busy machine compiles late grows but once. */
  private static final int ROUNDS = 3;

  @Test
  public void tenReloadsAndTenThousandQueriesLeaveItWhereItWas() throws Exception {
    assumeTrue("only Linux tells", Files.isReadable(Path.of("/proc/self/smaps")));
    // What code, metadata and allocators take at first is no leak.
    search(2_000, "first");
    reload(3);
    List<Long> kilobytes = new ArrayList<>(List.of(nativeKilobytes()));
    do {
      reload(10);
      search(10_000, "round" + kilobytes.size());
      kilobytes.add(nativeKilobytes());
    } while (grew(kilobytes) && kilobytes.size() <= ROUNDS);
    assertFalse("kB before and after each round: " + kilobytes, grew(kilobytes));
  }

  private static boolean grew(List<Long> kilobytes) {
    int last = kilobytes.size() - 1;
    return kilobytes.get(last) >= 1.05 * kilobytes.get(last - 1);
  }

  private static void search(int queries, String name) throws Exception {
    for (int i = 0; i < queries; i++) {
      // Each for a text that no cache knows.
      solr.search("q", "red shoe " + name + i, "rq", "{!cascade name=products}", "fl", "id");
    }
  }

  private static void reload(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      solr.cores().reload("test");
      solr.search("q", "red", "rq", "{!cascade name=products cache=false}");
    }
  }

  /** All resident memory but the heap's. */
  private static long nativeKilobytes() throws Exception {
    System.gc();
    Matcher heap = HEAP.matcher(heapInfo());
    assertTrue(heapInfo(), heap.find());
    long heapStart = Long.parseUnsignedLong(heap.group(1), 16);
    long heapEnd = Long.parseUnsignedLong(heap.group(2), 16);
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    long sum = 0;
    boolean outside = true;
    for (String line : lines) {
      Matcher mapping = MAPPING.matcher(line);
      Matcher resident = RESIDENT.matcher(line);
      if (mapping.matches()) {
        long start = Long.parseUnsignedLong(mapping.group(1), 16);
        outside =
            Long.compareUnsigned(start, heapStart) < 0 || Long.compareUnsigned(start, heapEnd) >= 0;
      } else if (resident.matches() && outside) {
        sum += Long.parseLong(resident.group(1));
      }
    }
    return sum;
  }

  private static String heapInfo() throws Exception {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcHeapInfo",
                new Object[0],
                new String[0]);
  }
}
