package org.tfddpm.export;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tfddpm.diffusion.schedule.Schedule;

/** schedule.json of an exported model: beta and alphaBar for t = 0 ... T-1, in double. */
final class ScheduleJson {
  private ScheduleJson() {}

  static String of(Schedule schedule) throws IOException {
    double[] beta = new double[schedule.steps()];
    double[] alphaBar = new double[schedule.steps()];
    for (int t = 0; t < schedule.steps(); t++) {
      beta[t] = schedule.beta(t);
      alphaBar[t] = schedule.alphaBar(t);
    }
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("steps", schedule.steps());
    content.put("beta", beta);
    content.put("alpha_bar", alphaBar);
    return JSON.std.asString(content);
  }
}
