package weir;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** Looks at the model files again, and says each problem once. */
final class ModelWatch implements Runnable {
  private static final Logger LOG = System.getLogger(ModelWatch.class.getName());

  private final LiveGateway live;
  private List<String> said = List.of();

  ModelWatch(LiveGateway live) {
    this.live = live;
  }

  @Override
  public void run() {
    List<String> problems = live.refresh();
    if (!problems.equals(said)) {
      problems.forEach(problem -> LOG.log(Level.WARNING, "not applied: {0}", problem));
      said = problems;
    }
  }
}
