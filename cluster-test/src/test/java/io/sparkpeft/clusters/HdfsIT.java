package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Hadoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;

/** Model, corpora and run directory on HDFS, and a driver that is killed on the way. */
class HdfsIT {
    @Test
    void aRunOnHdfsGoesOnAfterItsDriverWasKilled() throws Exception {
        World world = World.shared();
        Hadoop hadoop = Hadoop.shared();
        FileSystem hdfs = hadoop.files();
        for (String part : new String[] {"model", "task-a", "heldout.jsonl"}) {
            hdfs.copyFromLocalFile(path(world.directory().resolve(part)), path("/world/" + part));
        }
        // No scheme: the default file system of HADOOP_CONF_DIR.
        Path recipe = World.recipe("hdfs", hadoop.uri() + "/world", "/world", "/runs/hdfs");
        Submission submission = Submission.to("hdfs", "local[2]")
                .in(Map.of("HADOOP_CONF_DIR", hadoop.configurationDirectory().toString()));

        submission.runUntil(() -> hasCheckpoint(hdfs, "/runs/hdfs/checkpoints"), "finetune", recipe.toString());
        assertThat(hdfs.exists(path("/runs/hdfs/_SUCCESS"))).isFalse();

        Submission.Ended ended = submission.run("finetune", recipe.toString()).requireSuccess();
        assertThat(ended.output()).contains("going on with the interrupted run");
        assertThat(read(hdfs, "/runs/hdfs/adapter/adapter.delta")).isEqualTo(world.expectedAdapter());
    }

    static boolean hasCheckpoint(FileSystem files, String directory) {
        try {
            return files.exists(path(directory)) && files.globStatus(path(directory + "/*/manifest.json")).length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    static byte[] read(FileSystem files, String file) throws IOException {
        try (FSDataInputStream in = files.open(path(file))) {
            return in.readAllBytes();
        }
    }

    private static org.apache.hadoop.fs.Path path(Object path) {
        return new org.apache.hadoop.fs.Path(path.toString());
    }
}
