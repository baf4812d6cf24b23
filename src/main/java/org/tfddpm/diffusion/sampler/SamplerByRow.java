package org.tfddpm.diffusion.sampler;

import java.util.List;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;

/**
 * Several samplers, of which each image goes by one of its own. They look at x itself only, once a
 * step, so that the network is there once, whatever their number.
 *
 * @param which [N], 0 ... samplers-1: the sampler of each image
 * @param samplers of no noise but what they ask for, and of no look but at x and t
 */
public record SamplerByRow(Expr which, List<Sampler> samplers) implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    Expr output = p.denoiser().predict(x, step.t());
    ReverseProcess seen = p.withDenoiser((at, t) -> output);
    Result result = samplers.get(0).step(seen, x, step);
    for (int i = 1; i < samplers.size(); i++) {
      Expr from = which.perImage().plus(1 - i).clip(0, 1);
      Expr xPrev = samplers.get(i).step(seen, x, step).xPrev().where(from, result.xPrev());
      result = new Result(xPrev, result.x0Hat(), result.epsilonHat());
    }
    return result;
  }
}
