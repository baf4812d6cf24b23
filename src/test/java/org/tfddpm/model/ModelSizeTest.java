package org.tfddpm.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfddpm.spec.Specs;

/** The networks of the papers have the sizes that the papers and their programs tell. */
class ModelSizeTest {
  @ParameterizedTest
  @CsvSource({"cifar10, 35746307", "celeba64, 78700803", "lsun256, 113673219"})
  void publishedNetworksHaveTheirNumberOfParameters(String graph, long parameters) {
    assertEquals(parameters, size(graph).parameters());
  }

  @Test
  void cifar10CostsSixGigaMultiplyAdds() {
    assertEquals(6.22e9, (double) size("cifar10").multiplyAdds(), 0.005e9);
  }

  private static ModelSize size(String graph) {
    return ModelSize.of(Model.of(Specs.load(graph, List.of())));
  }
}
