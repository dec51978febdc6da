package io.sparkpeft.clusters.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** HDFS and YARN, started by the first test that needs them, for all tests of this process. */
public final class Hadoop {
    private static Hadoop shared;

    private final Daemon daemon;
    private final Path directory;

    private Hadoop(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(configurationDirectory());
        this.daemon = Daemon.start(
                HadoopDaemons.class,
                directory,
                List.of(
                        directory.resolve("dfs").toString(),
                        configurationDirectory().toString()),
                new ArrayList<>());
    }

    public static synchronized Hadoop shared() throws IOException {
        if (shared == null) {
            shared = new Hadoop(Directories.create("hadoop"));
        }
        return shared;
    }

    /** What HADOOP_CONF_DIR names. */
    public Path configurationDirectory() {
        return directory.resolve("conf");
    }

    /** Where YARN puts what containers print. */
    public Path directory() {
        return directory;
    }

    /** HDFS's root, without a slash at the end. */
    public String uri() {
        return configuration().get("fs.defaultFS");
    }

    public FileSystem files() throws IOException {
        return FileSystem.get(configuration());
    }

    public void restartNameNode() throws IOException {
        daemon.tell("restart-namenode");
        try {
            files().exists(new org.apache.hadoop.fs.Path("/"));
        } catch (IOException e) {
            // The connection that this process had; the next one is new.
        }
    }

    public void stopDataNode() throws IOException {
        daemon.tell("stop-datanode");
    }

    public void restartDataNode() throws IOException {
        daemon.tell("restart-datanode");
    }

    private Configuration configuration() {
        Configuration configuration = new Configuration();
        try {
            configuration.addResource(
                    configurationDirectory().resolve("core-site.xml").toUri().toURL());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return configuration;
    }
}
