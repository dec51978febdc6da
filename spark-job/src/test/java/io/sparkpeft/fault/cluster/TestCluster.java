package io.sparkpeft.fault.cluster;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * A Spark standalone cluster: a master and two workers in this process, and executors in processes of their own, which
 * can be killed. The workers are on two addresses of this machine, since Spark puts no twin of a task on its own host.
 */
public final class TestCluster implements AutoCloseable {
    private static final List<String> HOSTS = List.of("127.0.0.2", "127.0.0.3");
    private static final int MEMORY = 700;

    private final Path directory;
    private final List<RpcEnv> daemons = new ArrayList<>();
    private final SparkSession session;

    /** @param settings of Spark, added to those of the cluster; those of workers are for the first of them alone */
    public TestCluster(Map<String, String> settings) {
        try {
            directory = Files.createTempDirectory("cluster");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        session = start(settings);
    }

    private SparkSession start(Map<String, String> settings) {
        SparkConf conf = new SparkConf(false).set("spark.master.rest.enabled", "false");
        SparkConf first = conf.clone();
        settings.forEach((key, value) -> {
            if (key.startsWith("spark.worker.")) {
                first.set(key, value);
            }
        });
        var master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf);
        daemons.add(master._1());
        String url = "spark://127.0.0.1:" + master._1().address().port();
        for (String host : HOSTS) {
            daemons.add(Worker.startRpcEnvAndEndpoint(
                    host,
                    0,
                    0,
                    1,
                    MEMORY,
                    new String[] {url},
                    directory.resolve(host).toString(),
                    Option.apply(daemons.size()),
                    host.equals(HOSTS.get(0)) ? first : conf,
                    Option.empty()));
        }
        SparkSession.Builder builder = SparkSession.builder().master(url).appName("faults");
        defaults().forEach(builder::config);
        settings.forEach(builder::config);
        return builder.getOrCreate();
    }

    private Map<String, String> defaults() {
        return Map.ofEntries(
                Map.entry("spark.ui.enabled", "false"),
                Map.entry("spark.driver.host", "127.0.0.1"),
                Map.entry("spark.driver.bindAddress", "127.0.0.1"),
                Map.entry("spark.sql.shuffle.partitions", "4"),
                Map.entry("spark.local.dir", directory.toString()),
                Map.entry("spark.executor.memory", "512m"),
                Map.entry("spark.executor.cores", "1"),
                Map.entry("spark.scheduler.minRegisteredResourcesRatio", "1"),
                Map.entry("spark.executor.extraClassPath", classPath()),
                Map.entry("spark.executor.extraJavaOptions", modules()),
                // There is no Spark home: all that executors need is on the class path.
                Map.entry("spark.executorEnv.SPARK_TESTING", "1"),
                Map.entry("spark.executorEnv.SPARK_SCALA_VERSION", scalaVersion()),
                Map.entry("spark.executorEnv.OMP_NUM_THREADS", "1"));
    }

    private static String scalaVersion() {
        String version = scala.util.Properties.versionNumberString();
        return version.substring(0, version.lastIndexOf('.'));
    }

    /** The class path of this process. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** The options of this process that open modules. */
    public static String modules() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-"))
                .collect(Collectors.joining(" "));
    }

    public SparkSession session() {
        return session;
    }

    /** Something in the cluster's directory. */
    public File file(String name) {
        return directory.resolve(name).toFile();
    }

    @Override
    public void close() {
        session.stop();
        for (int i = daemons.size() - 1; i >= 0; i--) {
            daemons.get(i).shutdown();
            daemons.get(i).awaitTermination();
        }
        FileUtils.deleteQuietly(directory.toFile());
    }
}
