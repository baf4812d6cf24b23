package org.tfddpm.serve.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/**
 * The requests to one signature, and the thread that runs them in batches.
 *
 * <p>A batch takes as many rows from each request that waits as go round, so a single row waits for
 * one batch and not for all the rows that came before it.
 */
public final class BatchQueue implements AutoCloseable {
  private final String name;
  private final Batching batching;
  private final Runner runner;
  private final IntConsumer batchRows;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Work> waiting = new ArrayDeque<>();
  private int waitingRows;
  private boolean closed;
  private @Nullable Thread thread;

  /**
   * An empty queue.
   *
   * @param name of its thread
   * @param batchRows is told how many rows each batch has
   */
  public BatchQueue(String name, Batching batching, Runner runner, IntConsumer batchRows) {
    this.name = name;
    this.batching = batching;
    this.runner = runner;
    this.batchRows = batchRows;
  }

  /**
   * Has a request run.
   *
   * @param inputs of as many rows each, unless alone
   * @param outputs names of the outputs wanted
   * @param alone not to be merged with others or cut
   * @param deadline by {@link System#nanoTime}; what has not begun by then is not run
   * @return the outputs, or a {@link Failure}; cancelled, its rows are not run any more
   * @throws Failure UNAVAILABLE if too many rows wait
   */
  public CompletableFuture<Map<String, Value>> submit(
      Map<String, Value> inputs, Set<String> outputs, boolean alone, long deadline) {
    Work work = new Work(inputs, outputs, alone, deadline);
    lock.lock();
    try {
      if (closed) {
        throw new Failure(Code.UNAVAILABLE, "this version is not served any more");
      }
      if (waitingRows + work.left() > batching.queue()) {
        dropFinished();
      }
      // A request that is larger than the queue is taken where nothing else waits.
      if (waitingRows > 0 && waitingRows + work.left() > batching.queue()) {
        throw new Failure(
            Code.UNAVAILABLE,
            "The batch scheduling queue to which this task was submitted is full; "
                + waitingRows
                + " rows of at most "
                + batching.queue()
                + " are waiting");
      }
      waiting.addLast(work);
      waitingRows += work.left();
      if (thread == null) {
        thread = new Thread(this::work, name);
        thread.setDaemon(true);
        thread.start();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return work.answer();
  }

  /** How many rows wait. */
  public int depth() {
    lock.lock();
    try {
      return waitingRows;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more requests; what waits is still run. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      for (Batch batch = next(); batch != null; batch = next()) {
        if (!batch.isEmpty()) {
          batchRows.accept(batch.rows());
          batch.run(runner, batching);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a batch: full, or the first request of it has waited long enough. */
  private @Nullable Batch next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return null;
        }
        changed.await();
      }
      Work first = waiting.getFirst();
      long until = first.arrived() + batching.timeout().toNanos();
      while (!first.alone() && waitingRows < batching.maxBatch() && !closed) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          break;
        }
        changed.awaitNanos(left);
      }
      dropFinished();
      return take();
    } finally {
      lock.unlock();
    }
  }

  private Batch take() {
    Batch batch = new Batch();
    int share = Math.max(1, batching.maxBatch() / Math.max(1, waiting.size()));
    while (!waiting.isEmpty() && batch.rows() < batching.maxBatch()) {
      Work work = waiting.getFirst();
      if (!batch.takes(work)) {
        break;
      }
      waiting.removeFirst();
      int count = Math.min(work.left(), Math.min(share, batching.maxBatch() - batch.rows()));
      batch.add(work, count);
      waitingRows -= count;
      if (work.left() > 0) {
        waiting.addLast(work);
      }
    }
    return batch;
  }

  /** Lets go of what nobody waits for any more, or nobody may. */
  private void dropFinished() {
    long now = System.nanoTime();
    waiting.removeIf(
        work -> {
          if (!work.answer().isDone() && work.deadline() - now <= 0) {
            work.failed(new Failure(Code.DEADLINE_EXCEEDED, "the request's time was over"));
          }
          if (work.answer().isDone()) {
            waitingRows -= work.left();
            return true;
          }
          return false;
        });
  }
}
