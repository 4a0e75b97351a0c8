package io.github.solrcascade;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.solrcascade.feature.CoreEncoders;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.Test;

/** Who may know whom. What is not allowed here is forbidden, so that each room stays small. */
public class ArchitectureTest {
  private static final String ROOT = "io.github.solrcascade";
  private static final Path TARGET = Path.of(System.getProperty("basedir", "."), "target");
  private static final JavaClasses PLUGIN =
      new ClassFileImporter().importPath(TARGET.resolve("classes"));

  /** The room knows of ours only itself and these others. */
  private static void assertKnowsOnly(String room, String... others) {
    String[] allowed =
        Arrays.stream(others).map(other -> ROOT + "." + other).toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + room)
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(not(resideInAPackage(ROOT + "." + room)))
                .and(not(resideInAnyPackage(allowed))))
        .check(PLUGIN);
  }

  private static void assertOnlyUsedIn(String library, String... rooms) {
    String[] allowed = Arrays.stream(rooms).map(room -> ROOT + room).toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(allowed)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(PLUGIN);
  }

  @Test
  public void configKnowsNothingOfOurs() {
    assertKnowsOnly("config");
  }

  @Test
  public void candidatesKnowNothingOfOurs() {
    assertKnowsOnly("candidates");
  }

  @Test
  public void budgetKnowsNothingOfOurs() {
    assertKnowsOnly("budget");
  }

  @Test
  public void tokenVectorKnowsNothingOfOurs() {
    assertKnowsOnly("tokenvector");
  }

  @Test
  public void encoderKnowsBudget() {
    assertKnowsOnly("encoder", "budget");
  }

  @Test
  public void remoteKnowsConfigEncoderAndBudget() {
    assertKnowsOnly("remote", "config", "encoder", "budget");
  }

  @Test
  public void onlyRemoteCallsOtherMachines() {
    assertOnlyUsedIn("java.net.http..", ".remote");
  }

  @Test
  public void featureKnowsWhatValuesComeFromCandidatesAndBudget() {
    assertKnowsOnly("feature", "encoder", "remote", "tokenvector", "candidates", "budget");
  }

  @Test
  public void modelKnowsFeatureAndCandidates() {
    assertKnowsOnly("model", "feature", "candidates");
  }

  @Test
  public void stageKnowsFeatureModelCandidatesAndBudget() {
    assertKnowsOnly("stage", "feature", "model", "candidates", "budget");
  }

  @Test
  public void responseKnowsStageAndWhatARunHolds() {
    assertKnowsOnly("response", "stage", "candidates", "model", "feature");
  }

  @Test
  public void distributedKnowsStageAndWhatARunHolds() {
    assertKnowsOnly("distributed", "stage", "candidates", "model", "feature", "budget");
  }

  @Test
  public void everyRoomHasItsArrows() {
    classes()
        .should()
        .resideInAnyPackage(
            ROOT,
            ROOT + ".budget",
            ROOT + ".config",
            ROOT + ".candidates",
            ROOT + ".distributed",
            ROOT + ".encoder",
            ROOT + ".feature",
            ROOT + ".model",
            ROOT + ".remote",
            ROOT + ".stage",
            ROOT + ".tokenvector",
            ROOT + ".response")
        .check(PLUGIN);
  }

  @Test
  public void noRoomsKnowEachOther() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(PLUGIN);
  }

  @Test
  public void ltrStaysInFeatureAndModel() {
    assertOnlyUsedIn("org.apache.solr.ltr..", ".feature", ".model");
  }

  @Test
  public void tensorsAndTokensStayInEncoder() {
    assertOnlyUsedIn("ai.onnxruntime..", ".encoder");
    assertOnlyUsedIn("ai.djl..", ".encoder");
  }

  @Test
  public void responsesAndUpdatesStayInTheRootResponseAndDistributed() {
    assertOnlyUsedIn("org.apache.solr.response..", "", ".response", ".distributed");
    assertOnlyUsedIn("org.apache.solr.update..", "");
  }

  @Test
  public void searchComponentsStayInTheRootAndDistributed() {
    // CoreEncoders finds the component that holds the encoders.
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".distributed")
        .and()
        .doNotBelongToAnyOf(CoreEncoders.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.solr.handler..")
        .check(PLUGIN);
  }

  @Test
  public void demoIsAClientLikeAnyOther() {
    JavaClasses demo =
        new ClassFileImporter()
            .importPath(TARGET.resolve("test-classes/io/github/solrcascade/demo"));
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT + ".demo"))))
        .check(demo);
  }
}
