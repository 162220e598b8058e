package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.backend.DigestManifest;
import weir.journal.JournalSettings;

/** A real process that is gone in the middle of a model's load, and the one that comes after it. */
class QuarantineKillTest {

  @TempDir private Path folder;

  private Path marker() throws IOException {
    Path loading = folder.resolve("state/loading");
    if (!Files.isDirectory(loading)) {
      return folder.resolve("none");
    }
    try (var markers = Files.newDirectoryStream(loading, "small@2.*")) {
      for (Path marker : markers) {
        return marker;
      }
    }
    return folder.resolve("none");
  }

  @Test
  void start_afterAProcessKilledWhileLoading_holdsThatVersionBackUntilItIsReplaced()
      throws Exception {
    Path repository = ChildGateway.repository(folder, "healthy", "slow-start");
    Process first =
        ChildGateway.launch(folder, repository, JournalSettings.defaults(), ChildGateway.HALVES);
    Await.until("the load of version 2", () -> Files.exists(marker()));
    first.destroyForcibly().waitFor();
    assertThat(marker()).exists();

    try (ChildGateway gateway = ChildGateway.start(folder, repository, ChildGateway.HALVES)) {
      assertThat(gateway.infer(1, 1).status()).isEqualTo(200);
      ChildGateway.Answer held = gateway.infer(2, 1);
      assertThat(held.status()).isEqualTo(503);
      assertThat(held.words())
          .contains("version 2 of model 'small' is held back")
          .contains("replace the model's file, or delete loading/" + marker().getFileName());

      Files.copy(
          repository.resolve("small/1/model.onnx"),
          repository.resolve("small/2/model.onnx"),
          StandardCopyOption.REPLACE_EXISTING);
      DigestManifest.write(repository.resolve("small"));

      Await.until(
          "version 2 after its file was replaced", () -> gateway.infer(2, 1).status() == 200);
    }
  }
}
