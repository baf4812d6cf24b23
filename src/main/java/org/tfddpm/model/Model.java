package org.tfddpm.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Classifier;
import org.tfddpm.diffusion.ClassifierFreeGuidance;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Denoiser;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.HybridLoss;
import org.tfddpm.diffusion.LearnedDiagonal;
import org.tfddpm.diffusion.LearnedRange;
import org.tfddpm.diffusion.Loss;
import org.tfddpm.diffusion.MeanPrediction;
import org.tfddpm.diffusion.MinSnrLoss;
import org.tfddpm.diffusion.Prediction;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.UpsamplingDenoiser;
import org.tfddpm.diffusion.VPrediction;
import org.tfddpm.diffusion.VlbLoss;
import org.tfddpm.diffusion.X0Prediction;
import org.tfddpm.diffusion.schedule.ConstantSchedule;
import org.tfddpm.diffusion.schedule.CosineSchedule;
import org.tfddpm.diffusion.schedule.GeometricSchedule;
import org.tfddpm.diffusion.schedule.JsdSchedule;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.QuadraticSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.SigmoidSchedule;
import org.tfddpm.diffusion.schedule.WarmupSchedule;
import org.tfddpm.diffusion.schedule.ZeroTerminalSnr;
import org.tfddpm.nn.Net;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.unet.NoisyClassifier;
import org.tfddpm.unet.UNet;
import org.tfddpm.unet.UNetConfig;
import org.tfddpm.unet.UNetConfig.AttentionConfig;

/** What a specification means: the one place that knows both the papers and the network. */
public final class Model {
  private final GraphSpec spec;
  private final Schedule schedule;

  private Model(GraphSpec spec) {
    this.spec = spec;
    this.schedule = schedule(spec.getDiffusion());
  }

  /** The model of a resolved specification. */
  public static Model of(GraphSpec spec) {
    return new Model(spec);
  }

  /** The specification. */
  public GraphSpec spec() {
    return spec;
  }

  /** The forward process in numbers. */
  public Schedule schedule() {
    return schedule;
  }

  /** The schedule's coefficients in the graph that tf builds. */
  public Coefficients coefficients(Ops tf) {
    return new Coefficients(tf, schedule);
  }

  /** The forward process in the graph that tf builds. */
  public ForwardProcess forward(Ops tf) {
    return new ForwardProcess(coefficients(tf));
  }

  /** What the network's output means. */
  public Prediction prediction() {
    return switch (spec.getDiffusion().getPrediction()) {
      case EPSILON -> new EpsilonPrediction();
      case X0 -> new X0Prediction();
      case V -> new VPrediction();
      case MEAN -> new MeanPrediction();
    };
  }

  /** Whether the network is told a label. */
  public boolean isConditional() {
    return spec.getCondition().getClasses() > 0;
  }

  /** Whether it is a classifier of noisy images, which makes no pictures. */
  public boolean isClassifier() {
    return spec.getClassifier().getClasses() > 0;
  }

  /** Classes of the labels that it is trained with; 0 if it is trained without. */
  public int classes() {
    return isClassifier() ? spec.getClassifier().getClasses() : spec.getCondition().getClasses();
  }

  /** Their names; empty where nobody has given them any. */
  public List<String> classNames() {
    return isClassifier()
        ? spec.getClassifier().getClassNamesList()
        : spec.getCondition().getClassNamesList();
  }

  /** How many times smaller the low-resolution image is that the network sees, too; 1: none. */
  public int upsampling() {
    return spec.getCondition().getUpsampling();
  }

  /** The low-resolution images of images, [N,h,w,C]; null where the network sees none. */
  public @Nullable Operand<TFloat32> low(Expr x0) {
    return upsampling() > 1 ? UpsamplingDenoiser.low(x0, upsampling()) : null;
  }

  /** Sizes of low-resolution images, for a model that sees them. */
  public GraphSpec.Image lowSize() {
    GraphSpec.Image image = spec.getImage();
    return image.toBuilder()
        .setHeight(image.getHeight() / upsampling())
        .setWidth(image.getWidth() / upsampling())
        .build();
  }

  /** Whether it was trained without labels, too, as guidance asks. */
  public boolean allowsGuidance() {
    return isConditional() && spec.getCondition().getLabelDropout() > 0;
  }

  /**
   * The network and how to read it, over the Net's weights.
   *
   * @param told a label exactly if the model {@link #isConditional}, a low-resolution image exactly
   *     if it has {@link #upsampling} above 1, guidance only if it {@link #allowsGuidance}
   */
  public ReverseProcess reverse(Net net, Conditions told) {
    if (isClassifier()) {
      throw new IllegalArgumentException("a classifier predicts nothing");
    }
    if (isConditional() == (told.label() == null)) {
      throw new IllegalArgumentException("labels for a model without, or none for one with");
    }
    if ((upsampling() > 1) == (told.low() == null)) {
      throw new IllegalArgumentException("a low-resolution image too many, or none");
    }
    return reverse(net.tf(), denoiser(net, told));
  }

  /** The classifier over the Net's weights, for a model that {@link #isClassifier}. */
  public Classifier classifier(Net net) {
    return NoisyClassifier.of(net, unetConfig(classes(), 0));
  }

  private Denoiser denoiser(Net net, Conditions told) {
    int channels = spec.getImage().getChannels();
    UNetConfig config = unetConfig(variance().isLearned() ? 2 * channels : channels, labels());
    if (told.label() == null || told.guidance() == null) {
      return seeing(UNet.denoiser(net, config, told.label()), net.tf(), told.low());
    }
    if (!allowsGuidance()) {
      throw new IllegalArgumentException("guidance of a model trained with labels only");
    }
    Ops tf = net.tf();
    Operand<TInt32> none = noLabel(tf, told.label());
    Operand<TInt32> both = tf.concat(List.of(told.label(), none), tf.constant(0));
    Operand<TFloat32> low = told.low();
    return new ClassifierFreeGuidance(
        seeing(
            UNet.denoiser(net, config, both),
            tf,
            low == null ? null : tf.concat(List.of(low, low), tf.constant(0))),
        Expr.of(tf, told.guidance()),
        told.rescale(),
        channels);
  }

  private static Denoiser seeing(Denoiser network, Ops tf, @Nullable Operand<TFloat32> low) {
    return low == null ? network : new UpsamplingDenoiser(network, Expr.of(tf, low));
  }

  /**
   * What stands for no label, in as many rows as there are of something, for a model that knows it.
   */
  public Operand<TInt32> noLabel(Ops tf, Operand<TInt32> rows) {
    Operand<TInt32> zeros = tf.math.mul(rows, tf.constant(0));
    return tf.math.add(zeros, tf.constant(spec.getCondition().getClasses()));
  }

  /** Rows of the table of labels: the last stands for none. */
  private int labels() {
    int classes = spec.getCondition().getClasses();
    return allowsGuidance() ? classes + 1 : classes;
  }

  /** Another denoiser, read as the network is. */
  public ReverseProcess reverse(Ops tf, Denoiser denoiser) {
    return new ReverseProcess(forward(tf), prediction(), variance(), denoiser);
  }

  /** sigma^2 of ancestral sampling. */
  private ReverseVariance variance() {
    return switch (spec.getDiffusion().getVariance()) {
      case BETA -> ReverseVariance.BETA;
      case BETA_TILDE -> ReverseVariance.BETA_TILDE;
      case LEARNED_RANGE -> new LearnedRange();
      case LEARNED_DIAGONAL -> new LearnedDiagonal();
    };
  }

  /** What training minimises. */
  public Loss loss() {
    return switch (spec.getDiffusion().getLoss()) {
      case SIMPLE -> Loss.SIMPLE;
      case MIN_SNR -> new MinSnrLoss(spec.getDiffusion().getMinSnrGamma());
      case VLB -> new VlbLoss();
      case HYBRID -> new HybridLoss();
    };
  }

  private static Schedule schedule(GraphSpec.Diffusion diffusion) {
    int steps = diffusion.getSteps();
    double scale = diffusion.getScaleBetas() ? 1000.0 / steps : 1;
    double start = scale * diffusion.getBetaStart();
    double end = scale * diffusion.getBetaEnd();
    Schedule schedule =
        switch (diffusion.getSchedule()) {
          case LINEAR -> LinearSchedule.of(steps, start, end);
          case COSINE -> CosineSchedule.of(steps);
          case QUADRATIC -> QuadraticSchedule.of(steps, start, end);
          case CONSTANT -> ConstantSchedule.of(steps, end);
          case JSD -> JsdSchedule.of(steps);
          case WARMUP10 -> WarmupSchedule.of(steps, start, end, 0.1);
          case WARMUP50 -> WarmupSchedule.of(steps, start, end, 0.5);
          case SIGMOID -> SigmoidSchedule.of(steps, start, end);
          case GEOMETRIC ->
              GeometricSchedule.of(steps, diffusion.getSigmaMin(), diffusion.getSigmaMax());
        };
    return diffusion.getZeroTerminalSnr() ? ZeroTerminalSnr.of(schedule) : schedule;
  }

  private UNetConfig unetConfig(int outChannels, int labels) {
    GraphSpec.Unet unet = spec.getUnet();
    return new UNetConfig(
        outChannels,
        unet.getBaseChannels(),
        unet.getChannelMultipliersList(),
        unet.getBlocksPerLevel(),
        new AttentionConfig(
            unet.getAttentionResolutionsList(), unet.getAttentionHeads(), unet.getHeadChannels()),
        unet.getGroups(),
        unet.getDropout(),
        unet.getScaleShiftNorm(),
        unet.getResidualResampling(),
        labels);
  }
}
