package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WeirTest {
  @Test
  void commandLine_noCommandNamed_hasEachUnderItsOwnName() {
    Map<String, CommandLine> commands = Weir.commandLine().getSubcommands();

    assertThat(commands).containsKeys("demo", "serve", "status", "journal").hasSize(17);
    commands.forEach((name, command) -> assertThat(command.getCommandName()).isEqualTo(name));
    commands.forEach((name, command) ->
        assertThat(command.getCommandSpec().userObject().getClass())
            .satisfies(type ->
                assertThat(type.getAnnotation(CommandLine.Command.class).name()).isEqualTo(name)));
  }

  @Test
  void commandLine_commandNamed_describesThatOneAlone() {
    assertThat(Weir.commandLine("status", "diamond-price").getSubcommands())
        .containsOnlyKeys("status");
  }
}
