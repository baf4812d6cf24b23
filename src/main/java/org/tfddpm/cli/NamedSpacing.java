package org.tfddpm.cli;

import org.tfddpm.diffusion.schedule.Spacing;

/** Values of --spacing that go with any number of steps. */
enum NamedSpacing {
  UNIFORM,
  QUADRATIC,
  EVEN,
  KARRAS;

  /** So many time steps. */
  Spacing of(int steps) {
    return switch (this) {
      case UNIFORM -> Spacing.uniform(steps);
      case QUADRATIC -> Spacing.quadratic(steps);
      case EVEN -> Spacing.even(steps);
      case KARRAS -> Spacing.karras(steps);
    };
  }
}
