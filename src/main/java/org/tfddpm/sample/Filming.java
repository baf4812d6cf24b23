package org.tfddpm.sample;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Makes pictures stop by stop: the loop is left, and begun again with all that it was left with, so
 * that they are those that it makes in one go.
 */
final class Filming {
  /** Where a result has the pixels, those of x0Hat, and what the loop was left with. */
  private static final int PIXELS = 0;

  private static final int ESTIMATE = 1;
  private static final int LEFT = 2;

  private final SamplingGraph graph;
  private final Film film;
  private final byte[][] frames;
  private final byte[] pixels;

  private Filming(SamplingGraph graph, Film film, int count) {
    this.graph = graph;
    this.film = film;
    frames = new byte[film.stops().length][Math.multiplyExact(count, graph.size())];
    pixels = new byte[count * graph.size()];
  }

  /** The pixels of the pictures, [N,H,W,C], and the film of them. */
  static byte[] pixels(BatchRuns runs, Film film) {
    Filming filming = new Filming(runs.graph(), film, runs.pictures().count());
    runs.each((from, n) -> filming.batch(runs, from, n));
    film.expose(List.of(filming.frames));
    return filming.pixels;
  }

  private void batch(BatchRuns runs, int from, int n) {
    int[] stops = film.stops();
    Result reached = null;
    for (int i = 0; i < stops.length; i++) {
      try (Result before = reached;
          Fed fed = graph.fed(runs.options(), runs.pictures(), from, n)) {
        reached = go(fed, i == 0 ? 0 : stops[i - 1], stops[i], before);
      }
      copy(reached, film.shows() == Film.Shows.X0 ? ESTIMATE : PIXELS, frames[i], from, n);
      if (i == stops.length - 1) {
        copy(reached, PIXELS, pixels, from, n);
      }
    }
    if (reached != null) {
      reached.close();
    }
  }

  private Result go(Fed fed, int from, int to, @Nullable Result before) {
    LoopState start = graph.start();
    fed.give(start.counter(), TInt32.scalarOf(from));
    fed.give(start.index(), TInt32.scalarOf(from));
    fed.give(start.end(), TInt32.scalarOf(to));
    List<Operand<?>> left = start.images();
    for (int i = 0; before != null && i < left.size(); i++) {
      fed.runner().feed(left.get(i), before.get(LEFT + i));
    }
    Session.Runner runner = fed.runner().fetch(graph.pixels()).fetch(graph.estimate());
    graph.end().images().forEach(runner::fetch);
    return runner.run();
  }

  private void copy(Result result, int index, byte[] all, int from, int n) {
    long size = graph.size();
    ((TUint8) result.get(index))
        .copyTo(DataBuffers.of(all, false, false).slice(from * size, n * size));
  }
}
