package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Hadoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;

/** Parts of HDFS that fail under a run; started again where it ends with 75, it loses no round and comes to the same bits. */
class HdfsFaultIT {
    private static final int MOST_STARTS = 5;
    private static final Pattern ROUND = Pattern.compile("round +(\\d+)/");

    private final World world = World.shared();
    private final Hadoop hadoop = Hadoop.shared();
    private final FileSystem hdfs = hadoop.files();

    HdfsFaultIT() throws Exception {}

    @Test
    void theNameNodeIsRestarted() throws Exception {
        int starts = runThrough("namenode", hadoop::restartNameNode);
        System.out.printf(
                "fault: the name node was restarted in the middle of a run: %d start(s), same adapter%n", starts);
    }

    @Test
    void aDataNodeIsLost() throws Exception {
        try {
            int starts = runThrough("datanode", hadoop::stopDataNode);
            System.out.printf("fault: one of two data nodes was lost in a run: %d start(s), same adapter%n", starts);
        } finally {
            hadoop.restartDataNode();
        }
    }

    /** Runs the job, has the fault happen as soon as a round is finished, and starts it again while it ends with 75. */
    private int runThrough(String name, Submission.Action fault) throws Exception {
        String run = hadoop.uri() + "/runs/" + name;
        Path recipe =
                World.recipe(name, world.directory().toUri(), world.directory().toUri(), run);
        Submission submission = Submission.to(name, "local[2]")
                .in(Map.of("HADOOP_CONF_DIR", hadoop.configurationDirectory().toString()));
        String[] command = {"finetune", recipe.toString()};
        Submission.Ended ended = submission.run(() -> HdfsIT.hasCheckpoint(hdfs, run + "/checkpoints"), fault, command);
        int starts = 1;
        while (ended.exitCode() == Submission.RETRYABLE && starts < MOST_STARTS) {
            long finished = newestCheckpoint(run);
            System.out.printf(
                    "fault: %s: start %d ended with 75 after round %d: %s%n", name, starts, finished, lastLine(ended));
            ended = submission.run(command);
            starts++;
            assertThat(firstRound(ended.output())).isEqualTo(finished + 1);
        }
        ended.requireSuccess();
        assertThat(HdfsIT.read(hdfs, run + "/adapter/adapter.delta")).isEqualTo(world.expectedAdapter());
        return starts;
    }

    private long newestCheckpoint(String run) throws IOException {
        return Arrays.stream(hdfs.globStatus(path(run + "/checkpoints/*/manifest.json")))
                .map(manifest -> manifest.getPath().getParent().getName())
                .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('-'))))
                .max()
                .orElse(0);
    }

    private static long firstRound(String output) {
        Matcher round = ROUND.matcher(output);
        assertThat(round.find()).as(output).isTrue();
        return Long.parseLong(round.group(1));
    }

    private static String lastLine(Submission.Ended ended) {
        return ended.output().lines().reduce("", (before, line) -> line.isBlank() ? before : line);
    }

    private static org.apache.hadoop.fs.Path path(String path) {
        return new org.apache.hadoop.fs.Path(path);
    }
}
