package io.github.solrcascade.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.solr.common.util.NamedList;
import org.junit.Test;

/** Configuration is read strictly; each error gives the path, the value and the rule. */
public class ComponentConfigTest {

  private static NamedList<Object> list(Object... keysAndValues) {
    NamedList<Object> list = new NamedList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      list.add((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return list;
  }

  private static NamedList<Object> stage(String model, Object reRankDocs) {
    return list("model", model, "reRankDocs", reRankDocs);
  }

  private static void assertRefused(String message, Object... args) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> ComponentConfig.parse(list(args)));
    assertEquals(message, e.getMessage());
  }

  private static void assertStageRefused(String message, Object stage) {
    assertRefused(message, "cascade", list("name", "a", "stage", stage("m", 10), "stage", stage));
  }

  @Test
  public void readsWhatIsThere() {
    ComponentConfig config =
        ComponentConfig.parse(
            list(
                "encoder", list("name", "e", "path", "folder"),
                "cascade",
                    list("name", "a", "stage", list("name", "s", "model", "m", "reRankDocs", 5)),
                "cascade", list("name", "b", "stage", stage("x", 5), "stage", stage("y", 5))));
    assertEquals("models", config.models());
    assertEquals(64, config.cacheMb());
    assertEquals(List.of(new EncoderConfig("e", "folder")), config.encoders());
    assertEquals(
        new StageConfig("s", "m", 5, Optional.empty(), false),
        config.cascades().get(0).stages().get(0));
    assertEquals("y", config.cascades().get(1).stages().get(1).name());
  }

  @Test
  public void whatIsSwitchedOffIsLeftOutButChecked() {
    NamedList<Object> off = list("name", "a", "enable", false, "stage", stage("m", 10));
    NamedList<Object> on = list("name", "a", "enable", true, "stage", stage("m", 20));
    ComponentConfig config =
        ComponentConfig.parse(
            list(
                "cascade", off,
                "cascade", on,
                "encoder", list("name", "e", "path", "folder", "enable", false)));
    assertEquals(List.of(), config.encoders());
    assertEquals(1, config.cascades().size());
    assertEquals(20, config.cascades().get(0).stages().get(0).reRankDocs());
    assertRefused(
        "encoder[1].path: missing, must be given", "encoder", list("name", "e", "enable", false));
    assertRefused(
        "cascade[1].enable: no, must be a <bool>",
        "cascade",
        list("name", "a", "enable", "no", "stage", stage("m", 10)));
  }

  @Test
  public void unknownKeys() {
    assertRefused(
        "cascades: 1, unknown key, known: [cacheMb, cascade, encoder, models, reranker]",
        "cascades",
        1);
    assertStageRefused(
        "cascade[a].stage[2].depth: 5, unknown key, known: [adaptive, model, name, reRankDocs, scope]",
        list("model", "m", "depth", 5));
    assertRefused(
        "cascade[a].stages: 1, unknown key, known: [budgetMs, enable, failOn, name, stage]",
        "cascade",
        list("name", "a", "stages", 1));
    assertRefused(
        "encoder[1].folder: x, unknown key, known: [enable, name, path]",
        "encoder",
        list("name", "e", "folder", "x"));
  }

  @Test
  public void budgets() {
    ComponentConfig config =
        ComponentConfig.parse(
            list("cascade", list("name", "a", "budgetMs", 50, "stage", stage("m", 10))));
    assertEquals(OptionalInt.of(50), config.cascades().get(0).budgetMs());
    assertRefused(
        "cascade[a].budgetMs: 0, must be ≥ 1",
        "cascade",
        list("name", "a", "budgetMs", 0, "stage", stage("m", 10)));
    assertRefused(
        "cascade[a].budgetMs: 50, must be an <int>",
        "cascade",
        list("name", "a", "budgetMs", "50", "stage", stage("m", 10)));
    assertRefused(
        "cascade[a].failOn: always, must be one of [failed, degraded]",
        "cascade",
        list("name", "a", "failOn", "always", "stage", stage("m", 10)));
  }

  @Test
  public void margins() {
    ComponentConfig config =
        ComponentConfig.parse(
            list(
                "cascade",
                list("name", "a", "stage", list("model", "m", "reRankDocs", 9, "adaptive", 1.5f))));
    assertEquals(Optional.of(1.5f), config.cascades().get(0).stages().get(0).adaptive());
    assertStageRefused(
        "cascade[a].stage[2].adaptive: -1.0, must be ≥ 0",
        list("model", "n", "reRankDocs", 5, "adaptive", -1f));
    assertStageRefused(
        "cascade[a].stage[2].adaptive: true, must be a <float>",
        list("model", "n", "reRankDocs", 5, "adaptive", true));
  }

  @Test
  public void scopes() {
    ComponentConfig config =
        ComponentConfig.parse(
            list(
                "cascade",
                list("name", "a", "stage", list("model", "m", "reRankDocs", 9, "scope", "shard")),
                "cascade",
                list("name", "b", "stage", list("model", "m", "reRankDocs", 9, "scope", "global")),
                "cascade",
                list("name", "c", "stage", stage("m", 9))));
    assertEquals(
        List.of(false, true, false),
        config.cascades().stream().map(each -> each.stages().get(0).global()).toList());
    assertStageRefused(
        "cascade[a].stage[2].scope: node, must be one of [shard, global]",
        list("model", "n", "reRankDocs", 5, "scope", "node"));
    assertRefused(
        "cascade[a].stage[2].scope: shard, must be global, as the scope of the stage before",
        "cascade",
        list(
            "name",
            "a",
            "stage",
            list("model", "m", "reRankDocs", 9, "scope", "global"),
            "stage",
            stage("n", 5)));
  }

  @Test
  public void depths() {
    assertStageRefused("cascade[a].stage[2].reRankDocs: -5, must be ≥ 1", stage("n", -5));
    assertStageRefused("cascade[a].stage[2].reRankDocs: 5, must be an <int>", stage("n", "5"));
    assertStageRefused(
        "cascade[a].stage[2].reRankDocs: 11, must be ≤ 10, the depth of the stage before",
        stage("n", 11));
    assertStageRefused(
        "cascade[a].stage[2].reRankDocs: missing, must be given", list("model", "n"));
    assertStageRefused(
        "cascade[a].stage[2].reRankDocs: [5, 6], must be given once",
        list("model", "n", "reRankDocs", 5, "reRankDocs", 6));
  }

  @Test
  public void names() {
    assertStageRefused("cascade[a].stage[2].name: m, must be unique", stage("m", 5));
    assertStageRefused("cascade[a].stage[2].model: , must be a non-empty <str>", stage("", 5));
    NamedList<Object> cascade = list("name", "a", "stage", stage("m", 5));
    assertRefused("cascade[a].name: a, must be unique", "cascade", cascade, "cascade", cascade);
    NamedList<Object> encoder = list("name", "e", "path", "p");
    assertRefused("encoder[e].name: e, must be unique", "encoder", encoder, "encoder", encoder);
  }

  @Test
  public void shapes() {
    assertRefused("cascade[1]: x, must be a <lst>", "cascade", "x");
    assertRefused("cascade[1].name: missing, must be given", "cascade", list());
    assertRefused(
        "cascade[a].stage: missing, a cascade needs at least one", "cascade", list("name", "a"));
    assertRefused("cacheMb: -1, must be ≥ 0", "cacheMb", -1);
    assertRefused("models: 5, must be a non-empty <str>", "models", 5);
  }
}
