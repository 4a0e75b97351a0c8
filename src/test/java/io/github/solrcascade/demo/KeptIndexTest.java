package io.github.solrcascade.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class KeptIndexTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private Path project;
  private Path set;
  private Path index;

  @Before
  public void makeProject() throws Exception {
    project = temporary.newFolder("project").toPath();
    for (String folder : List.of("solr-conf", "src/main", "src/demo/java", "models/bi")) {
      Files.createDirectories(project.resolve(folder));
    }
    Files.writeString(project.resolve("models/bi/model.json"), "{\"task\": \"bi-encoder\"}");
    Files.writeString(project.resolve("models/bi/model.onnx"), "weights");
    Files.writeString(project.resolve("solr-conf/solrconfig.xml"), "<config/>");
    set = SmallSet.write(temporary.newFolder("lamps").toPath());
    index = temporary.newFolder("index").toPath();
    Files.writeString(index.resolve("segments_1"), "segments");
    Files.writeString(index.resolve("write.lock"), "");
  }

  private KeptIndex kept() throws Exception {
    return KeptIndex.of(project, JudgedSet.read(set));
  }

  @Test
  public void comesBackAsItWasButUnlocked() throws Exception {
    assertFalse(kept().isUsable());
    kept().keep(index);

    Path restored = temporary.getRoot().toPath().resolve("restored");
    assertTrue(kept().isUsable());
    kept().copyTo(restored);

    assertEquals("segments", Files.readString(restored.resolve("segments_1")));
    assertFalse(Files.exists(restored.resolve("write.lock")));
  }

  @Test
  public void isUsedNoMoreOnceAnythingHasChangedThatMadeIt() throws Exception {
    assertChangeIsSeen(project.resolve("solr-conf/solrconfig.xml"), "<config></config>");
    assertChangeIsSeen(
        project.resolve("models/bi/model.json"), "{\"task\": \"bi-encoder\", \"maxTokens\": 8}");
    assertChangeIsSeen(project.resolve("src/main/Feature.java"), "class Feature {}");
    assertChangeIsSeen(set.resolve("fields.json"), "{\"documents\": \"docs.jsonl.gz\"}");
    SmallSet.documents(set, "{\"id\": 1}\n");
    assertFalse(kept().isUsable());
  }

  private void assertChangeIsSeen(Path file, String content) throws Exception {
    kept().keep(index);
    assertTrue(kept().isUsable());
    Files.writeString(file, content);
    assertFalse(file.toString(), kept().isUsable());
  }
}
