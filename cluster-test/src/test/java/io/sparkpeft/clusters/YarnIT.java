package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Directories;
import io.sparkpeft.clusters.daemon.Hadoop;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** YARN containers, with the driver here or in one of them, make the bits that one process makes. */
class YarnIT {
    @Test
    void theDriverHereAndExecutorsInContainersGiveTheSameBits() throws Exception {
        World world = World.shared();
        Hadoop hadoop = Hadoop.shared();
        String run = hadoop.uri() + "/runs/yarn-client";
        Path recipe = World.recipe(
                "yarn-client", world.directory().toUri(), world.directory().toUri(), run);
        Path events = Directories.create("events-yarn-client");
        submission("yarn-client", hadoop)
                .with("--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.dir=" + events.toUri())
                .with("--num-executors", "2", "--executor-cores", "1")
                .run("finetune", recipe.toString())
                .requireSuccess();
        assertThat(HdfsIT.read(hadoop.files(), run + "/adapter/adapter.delta")).isEqualTo(world.expectedAdapter());
        assertThat(EventLog.in(events).executors()).hasSize(2);
    }

    /** Driver and executors prove to each other who they are, and encrypt what they send and spill. */
    @Test
    void theDriverInAContainerGivesTheSameBitsOverEncryptedConnections() throws Exception {
        World world = World.shared();
        Hadoop hadoop = Hadoop.shared();
        String run = hadoop.uri() + "/runs/yarn-cluster";
        Path recipe = World.recipe(
                "yarn-cluster", world.directory().toUri(), world.directory().toUri(), run);
        Path events = Directories.create("events-yarn-cluster");
        submission("yarn-cluster", hadoop)
                .with("--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.dir=" + events.toUri())
                .with("--deploy-mode", "cluster", "--num-executors", "2", "--executor-cores", "1")
                .with("--files", recipe.toString())
                .with("--conf", "spark.authenticate=true", "--conf", "spark.network.crypto.enabled=true")
                .with("--conf", "spark.io.encryption.enabled=true")
                .run("finetune", recipe.getFileName().toString())
                .requireSuccess();
        assertThat(HdfsIT.read(hadoop.files(), run + "/adapter/adapter.delta")).isEqualTo(world.expectedAdapter());
        assertThat(EventLog.in(events).executors()).hasSize(2);
    }

    @Test
    void theCommandEndsWithTheExitCodeOfADriverInAContainer() throws Exception {
        Submission.Ended ended = submission("yarn-missing", Hadoop.shared())
                .with("--deploy-mode", "cluster", "--conf", "spark.yarn.maxAppAttempts=1")
                .run("finetune", "/none.conf");
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(3);
    }

    static Submission submission(String name, Hadoop hadoop) {
        // The jars lie on every machine of this cluster: they need not be sent to it.
        String jars = Submission.ROOT.resolve("spark-job/target/spark-yarn/jars") + "/*";
        return Submission.to(name, "yarn")
                .in(Map.of("HADOOP_CONF_DIR", hadoop.configurationDirectory().toString()))
                .with("--conf", "spark.yarn.jars=local:" + jars);
    }
}
