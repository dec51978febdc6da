package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.run.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/** One run in the small world, made by the first test that needs it, for all tests of commands that follow a run. */
final class FinishedRun {
    private static FinishedRun shared;

    private final Path directory;
    private final SmallWorld world;

    private FinishedRun(Path directory) throws IOException {
        this.directory = directory;
        this.world = SmallWorld.in(directory);
    }

    static synchronized FinishedRun shared() throws IOException {
        if (shared == null) {
            Path directory = Files.createTempDirectory("finished-run");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(directory.toFile())));
            FinishedRun made = new FinishedRun(directory);
            try (CommandRunner commands = new CommandRunner()) {
                CommandRunner.Result result = commands.run("finetune", made.recipe());
                assertThat(result.exitCode()).as(result.errors()).isZero();
            }
            shared = made;
        }
        return shared;
    }

    /** Of the run; what is added to it may give other values to its keys. */
    String recipe() {
        return world.recipeText("base") + "prune.sparsity = 0.3\n";
    }

    /** Something in the world. */
    Path file(String name) {
        return directory.resolve(name);
    }

    /** Something in the run directory. */
    Path output(String name) {
        return world.run("base").resolve(name);
    }

    /** What the run itself measured of its result. */
    Measurement measured() throws IOException {
        Path journal = output("stages/masked/evaluation-phase-1/tuned.json");
        return new ObjectMapper().readValue(journal.toFile(), Measurement.class);
    }
}
