package org.tfddpm.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGINT and SIGTERM as a wish to stop: the first one is remembered, a second one ends the process
 * at once.
 *
 * <p>sun.misc.Signal is reached by reflection: it has no successor, and naming it is a warning that
 * cannot be suppressed. Shutdown hooks do not help, since a second signal waits for them.
 */
final class StopSignals {
  private static final Map<String, Integer> EXIT_CODES = Map.of("INT", 130, "TERM", 143);

  private final AtomicInteger exitCode = new AtomicInteger();

  private StopSignals() {}

  /** Catches both signals from now on. */
  static StopSignals caught(Runnable onFirst) {
    StopSignals signals = new StopSignals();
    EXIT_CODES.forEach((name, code) -> handle(name, () -> signals.stop(code, onFirst)));
    return signals;
  }

  /** Whether one has come. */
  boolean stopped() {
    return exitCode.get() != 0;
  }

  /** What the process is to exit with: 0 if none has come. */
  int exitCode() {
    return exitCode.get();
  }

  private void stop(int code, Runnable onFirst) {
    if (!exitCode.compareAndSet(0, code)) {
      Runtime.getRuntime().halt(code);
    }
    onFirst.run();
  }

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              action.run();
            }
            return null;
          };
      Object instance =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(), new Class<?>[] {handler}, call);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), instance);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("SIG" + name + " cannot be caught", e);
    }
  }
}
