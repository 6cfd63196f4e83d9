package dev.millrace.job.cli;

import dev.millrace.job.run.StopRequest;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns the first Ctrl-C into a stop request and the second into an end at once. Signals are
 * handled rather than shutdown hooks, which would race with those of the mini cluster; the
 * handler's type is the JDK's own and reached by reflection, since naming it is a warning.
 */
final class Interrupts implements AutoCloseable {
  private static final int INTERRUPTED = 130;

  private final Map<Object, Object> earlier = new LinkedHashMap<>();

  private Interrupts() {}

  /** Listens until closed; does nothing on a Java without signals. */
  static Interrupts to(StopRequest stop, PrintWriter out) {
    Interrupts interrupts = new Interrupts();
    for (String name : new String[] {"INT", "TERM"}) {
      interrupts.handle(
          name,
          (proxy, method, arguments) -> {
            switch (method.getName()) {
              case "handle" -> interrupted(stop, out);
              case "equals" -> {
                return proxy == arguments[0];
              }
              case "hashCode" -> {
                return System.identityHashCode(proxy);
              }
              default -> {
                return "stop on " + name;
              }
            }
            return null;
          });
    }
    return interrupts;
  }

  private static void interrupted(StopRequest stop, PrintWriter out) {
    if (stop.requested()) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    out.printf("%nStopping with a savepoint; once more to end at once.%n");
    out.flush();
    new Thread(stop::request, "stop-request").start();
  }

  private void handle(String name, InvocationHandler handler) {
    try {
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object signal =
          Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
      Object proxy =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(), new Class<?>[] {handlerType}, handler);
      earlier.put(signal, register(signal, proxy));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // This Java has no such signal, or keeps it for itself: then it ends the process as ever.
      return;
    }
  }

  private static Object register(Object signal, Object handler)
      throws ReflectiveOperationException {
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal, handler);
  }

  @Override
  public void close() {
    earlier.forEach(
        (signal, handler) -> {
          try {
            register(signal, handler);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("signal handler of " + signal, e);
          }
        });
  }
}
