package org.tfddpm.diffusion.sampler;

import java.util.function.Supplier;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;

/**
 * A sampler that is told a part of the picture (Sohl-Dickstein et al. 2015, section 2.5; Lugmayr et
 * al. 2022, RePaint, eq. 8): where the picture is painted anew x_tPrev is the sampler's, and where
 * it is known
 *
 * <p>x_tPrev = sqrt(alphaBar_tPrev) x_0 + sqrt(1-alphaBar_tPrev) z, a sample of q(x_tPrev|x_0),
 *
 * <p>which at last, for tPrev = -1, is x_0 itself.
 *
 * <p>What is painted then fits the known part of one step only, whose noise is new each time.
 * RePaint's algorithm 1 therefore goes up again, by {@link
 * org.tfddpm.diffusion.ForwardProcess#qStep}, and down, some times over: that is for the way that
 * the time steps take.
 *
 * @param sampler one whose step goes by x_t alone
 * @param x0 the picture, [N,H,W,C] or [1,H,W,C] in [-1,1]; of no matter where it is painted
 * @param painted above 0 where it is painted anew, [1,H,W,1]
 * @param noise of the known part, standard normal [N,H,W,C]: not that of the sampler's step
 */
public record Inpainting(Sampler sampler, Expr x0, Expr painted, Supplier<Expr> noise)
    implements Sampler {
  @Override
  public Result step(ReverseProcess p, Expr x, Step step) {
    Result anew = sampler.step(p, x, step);
    Expr known = p.q().qSample(x0, step.tPrev(), noise.get());
    return new Result(anew.xPrev().where(painted, known), anew.x0Hat(), anew.epsilonHat());
  }
}
