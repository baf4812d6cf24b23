package org.tfddpm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of CONTRIBUTING.md: which package may know which. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.tfddpm");

  private static final Map<String, String[]> MAY_KNOW = new LinkedHashMap<>();

  static {
    MAY_KNOW.put("spec", new String[] {});
    MAY_KNOW.put("device", new String[] {"spec"});
    MAY_KNOW.put("diffusion", new String[] {});
    MAY_KNOW.put("nn", new String[] {});
    MAY_KNOW.put("unet", new String[] {"nn", "diffusion"});
    MAY_KNOW.put("model", new String[] {"spec", "diffusion", "nn", "unet"});
    MAY_KNOW.put("run", new String[] {"spec"});
    MAY_KNOW.put("data", new String[] {"spec", "run"});
    MAY_KNOW.put("sample", new String[] {"spec", "diffusion", "nn", "model", "run"});
    MAY_KNOW.put(
        "train", new String[] {"spec", "diffusion", "nn", "model", "run", "data", "sample"});
    MAY_KNOW.put("serving", new String[] {});
    MAY_KNOW.put(
        "export", new String[] {"spec", "diffusion", "nn", "model", "run", "sample", "serving"});
    MAY_KNOW.put("interop", new String[] {"spec", "nn", "unet", "model", "run"});
    MAY_KNOW.put(
        "evaluate", new String[] {"spec", "diffusion", "nn", "model", "run", "data", "sample"});
    MAY_KNOW.put("serve", new String[] {"spec", "run", "export", "serving"});
    MAY_KNOW.put("cli", MAY_KNOW.keySet().toArray(String[]::new));
  }

  @Test
  void packagesKnowWhatTheTableAllows() {
    LayeredArchitecture table = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : MAY_KNOW.keySet()) {
      table = table.layer(name).definedBy("org.tfddpm." + name + "..");
    }
    for (Map.Entry<String, String[]> row : MAY_KNOW.entrySet()) {
      table =
          row.getValue().length == 0
              ? table.whereLayer(row.getKey()).mayNotAccessAnyLayer()
              : table.whereLayer(row.getKey()).mayOnlyAccessLayers(row.getValue());
    }
    table.check(CLASSES);
  }

  @Test
  void everyPackageIsInTheTable() {
    noClasses()
        .should()
        .resideOutsideOfPackages(
            MAY_KNOW.keySet().stream().map(n -> "org.tfddpm." + n + "..").toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void thereAreNoCycles() {
    slices().matching("org.tfddpm.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheCommandLineKnowsFlagsAndExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tfddpm.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.commons.cli..")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void referenceVariablesAreNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.tensorflow.op.core.Variable")
        .because("they race with the optimizer and crash in gradients")
        .check(CLASSES);
  }
}
