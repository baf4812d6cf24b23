package org.tfddpm.evaluate.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfddpm.evaluate.Bound;
import org.tfddpm.evaluate.Table;
import org.tfddpm.run.Axis;
import org.tfddpm.run.Plot;
import org.tfddpm.run.Png;

/**
 * What evaluate says of the variational bound.
 *
 * @param source of the data
 * @param count of the images
 */
public record BoundReport(String source, int count, Bound bound) {
  /** For programs. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", source);
    json.put("count", count);
    bound.total().put(json, "bits_per_dimension");
    bound.prior().put(json, "prior");
    json.put("rate", bound.decoder().rate());
    bound.decoder().bits().put(json, "decoder");
    json.put("rmse", bound.decoder().distortion());
    List<Object> terms = new ArrayList<>();
    for (Bound.Step step : bound.steps()) {
      Map<String, Object> term = new LinkedHashMap<>();
      term.put("t", step.t());
      term.put("t_prev", step.tPrev());
      step.bits().put(term, "bits");
      term.put("rate", step.rate());
      term.put("rmse", step.distortion());
      terms.add(term);
    }
    json.put("terms", terms);
    return json;
  }

  /** For people. */
  public String words() {
    Table table =
        new Table(List.of("", "bits/dim"))
            .row(List.of("L_T", bound.prior()))
            .row(List.of("rate, L_T + ... + L_1", bound.decoder().rate()))
            .row(List.of("L_0", bound.decoder().bits()))
            .row(List.of("bound, the sum", bound.total()));
    return String.format(
        Locale.ROOT,
        "variational bound of %d images of %s, %d steps%n%n%s%nroot mean squared error of the last"
            + " x0Hat, of 255: %.4g%n%n",
        count,
        source,
        bound.steps().size(),
        table.text(),
        bound.decoder().distortion());
  }

  /** A line for each step, from noise to picture. */
  public String csv() {
    Table table = new Table(List.of("t", "t_prev", "bits", "bits_standard_error", "rate", "rmse"));
    for (Bound.Step step : bound.steps()) {
      table.row(
          List.of(
              step.t(),
              step.tPrev(),
              step.bits().mean(),
              step.bits().deviation(),
              step.rate(),
              step.distortion()));
    }
    return table.csv();
  }

  /** Figure 2 of Nichol & Dhariwal 2021 and figure 5 of Ho et al. 2020. */
  public Png plot() {
    List<Bound.Step> steps = bound.steps();
    List<Double> taken = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      taken.add((double) i);
    }
    List<Double> rate = steps.stream().map(Bound.Step::rate).toList();
    List<Double> distortion = steps.stream().map(Bound.Step::distortion).toList();
    Axis reverse = new Axis("reverse steps taken", false);
    Axis rateAxis = new Axis("rate, bits/dim", false);
    Axis rmse = new Axis("distortion, RMSE of 255", false);
    return Plot.png(
        List.of(
            new Plot("terms of the bound", new Axis("t + 1", true), new Axis("L_t, bits/dim", true))
                .line(
                    "",
                    steps.stream().map(step -> step.t() + 1.0).toList(),
                    steps.stream().map(step -> step.bits().mean()).toList()),
            new Plot("distortion", reverse, rmse).line("", taken, distortion),
            new Plot("rate", reverse, rateAxis).line("", taken, rate),
            new Plot("rate and distortion", rateAxis, rmse).line("", rate, distortion)));
  }
}
