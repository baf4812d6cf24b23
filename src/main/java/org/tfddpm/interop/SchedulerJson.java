package org.tfddpm.interop;

import com.google.protobuf.ProtocolMessageEnum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.GraphSpec.Prediction;
import org.tfddpm.spec.GraphSpec.Schedule;
import org.tfddpm.spec.GraphSpec.Variance;

/**
 * A scheduler_config.json: the forward process, what the network predicts, the reverse variance.
 * How pictures are then sampled (clipping, spacing of the steps) is no part of a model here.
 */
final class SchedulerJson {
  private static final Map<String, Schedule> SCHEDULES = new LinkedHashMap<>();
  private static final Map<String, Prediction> PREDICTIONS = new LinkedHashMap<>();
  private static final Map<String, Variance> VARIANCES = new LinkedHashMap<>();

  static {
    SCHEDULES.put("linear", Schedule.LINEAR);
    SCHEDULES.put("scaled_linear", Schedule.QUADRATIC);
    SCHEDULES.put("squaredcos_cap_v2", Schedule.COSINE);
    SCHEDULES.put("sigmoid", Schedule.SIGMOID);
    PREDICTIONS.put("epsilon", Prediction.EPSILON);
    PREDICTIONS.put("sample", Prediction.X0);
    PREDICTIONS.put("v_prediction", Prediction.V);
    // The first name of a value is the one that is written.
    VARIANCES.put("fixed_large", Variance.BETA);
    VARIANCES.put("fixed_small", Variance.BETA_TILDE);
    VARIANCES.put("fixed_small_log", Variance.BETA_TILDE);
    VARIANCES.put("learned_range", Variance.LEARNED_RANGE);
  }

  private SchedulerJson() {}

  /**
   * Reads the diffusion process into a specification.
   *
   * @throws BadInput if there is no such process here
   */
  static void read(JsonFields json, GraphSpec.Diffusion.Builder diffusion) {
    json.allow(
        "_class_name",
        "DDPMScheduler",
        "DDPMScheduler",
        "DDIMScheduler",
        "PNDMScheduler",
        "DPMSolverMultistepScheduler");
    json.allow("trained_betas", null, (Object) null);
    diffusion.setSteps(json.count("num_train_timesteps", 1000));
    diffusion.setBetaStart(json.number("beta_start", 1e-4));
    diffusion.setBetaEnd(json.number("beta_end", 0.02));
    diffusion.setZeroTerminalSnr(json.flag("rescale_betas_zero_snr", false));
    diffusion.setSchedule(choice(json, "beta_schedule", SCHEDULES, "linear"));
    diffusion.setPrediction(choice(json, "prediction_type", PREDICTIONS, "epsilon"));
    diffusion.setVariance(choice(json, "variance_type", VARIANCES, "fixed_small"));
    if (diffusion.getVariance() == Variance.LEARNED_RANGE) {
      diffusion.setLoss(GraphSpec.Loss.HYBRID);
    }
  }

  private static <E> E choice(JsonFields json, String field, Map<String, E> known, String absent) {
    Object value = Objects.requireNonNullElse(json.take(field, absent), absent);
    E choice = known.get(value);
    if (choice == null) {
      throw json.bad(field, value, "are " + String.join(", ", known.keySet()));
    }
    return choice;
  }

  /**
   * The file's fields for a diffusion process.
   *
   * @throws BadInput if diffusers' schedulers know no such process
   */
  static Map<String, Object> write(GraphSpec.Diffusion diffusion) {
    Map<String, Object> json = new LinkedHashMap<>();
    double scale = diffusion.getScaleBetas() ? 1000.0 / diffusion.getSteps() : 1;
    json.put("_class_name", "DDPMScheduler");
    json.put("_diffusers_version", UnetJsonWriter.DIFFUSERS);
    json.put("num_train_timesteps", diffusion.getSteps());
    json.put("beta_start", scale * diffusion.getBetaStart());
    json.put("beta_end", scale * diffusion.getBetaEnd());
    json.put("beta_schedule", name("schedule", SCHEDULES, diffusion.getSchedule()));
    json.put("trained_betas", null);
    json.put("rescale_betas_zero_snr", diffusion.getZeroTerminalSnr());
    json.put("prediction_type", name("prediction", PREDICTIONS, diffusion.getPrediction()));
    json.put("variance_type", name("variance", VARIANCES, diffusion.getVariance()));
    json.put("clip_sample", true);
    json.put("clip_sample_range", 1.0);
    return json;
  }

  private static <E extends ProtocolMessageEnum> String name(
      String field, Map<String, E> known, E value) {
    for (Map.Entry<String, E> entry : known.entrySet()) {
      if (entry.getValue().equals(value)) {
        return entry.getKey();
      }
    }
    List<String> allowed = known.values().stream().map(Object::toString).distinct().toList();
    throw new BadInput(
        "diffusion."
            + field
            + " is "
            + value
            + ": diffusers knows none such; allowed are "
            + String.join(", ", allowed));
  }
}
