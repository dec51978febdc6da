package io.sparkpeft.clusters.daemon;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS (a name node and two data nodes) and YARN (a resource manager and a node manager) in a process of their own, until
 * its standard input ends. It writes {@code core-site.xml} and {@code yarn-site.xml} for clients, says READY, and then
 * does what it is told, a line each: {@code restart-namenode}, {@code stop-datanode}, {@code restart-datanode}.
 */
final class HadoopDaemons {
    /** A driver and two executors. */
    private static final String NODE_MEMORY = "8192";

    private HadoopDaemons() {}

    /** @param arguments the directory of data, and the directory of the configuration that clients read */
    public static void main(String... arguments) {
        try {
            serve(new File(arguments[0]), new File(arguments[1]));
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            e.printStackTrace();
            // Hadoop's own threads would keep the process.
            Runtime.getRuntime().halt(1);
        }
    }

    private static void serve(File data, File configuration) throws IOException {
        MiniDFSCluster hdfs = hdfs(data);
        MiniYARNCluster yarn = yarn(hdfs);
        // The daemons' own settings name classes that clients do not have.
        write(
                hdfs.getConfiguration(0),
                "fs\\.defaultFS|dfs\\.(replication|client)\\b.*",
                configuration,
                "core-site.xml");
        write(yarn.getConfig(), "yarn\\.resourcemanager\\..*address", configuration, "yarn-site.xml");
        System.out.println(Daemon.READY);
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Deque<MiniDFSCluster.DataNodeProperties> stopped = new ArrayDeque<>();
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                obey(command, hdfs, stopped);
                System.out.println(Daemon.DONE + command);
            }
        }
    }

    private static void obey(String command, MiniDFSCluster hdfs, Deque<MiniDFSCluster.DataNodeProperties> stopped)
            throws IOException {
        switch (command) {
            case "restart-namenode" -> hdfs.restartNameNode(true);
            case "stop-datanode" -> stopped.add(hdfs.stopDataNode(0));
            case "restart-datanode" -> {
                hdfs.restartDataNode(stopped.remove(), true);
                hdfs.waitActive();
            }
            default -> throw new IllegalArgumentException("Invalid command: " + command);
        }
    }

    private static MiniDFSCluster hdfs(File data) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set("hadoop.proxyuser." + System.getProperty("user.name") + ".hosts", "*");
        configuration.setInt("dfs.replication", 2);
        // A client that lost a data node goes on with the one that is left.
        configuration.set("dfs.client.block.write.replace-datanode-on-failure.policy", "NEVER");
        return new MiniDFSCluster.Builder(configuration, data).numDataNodes(2).build();
    }

    private static MiniYARNCluster yarn(MiniDFSCluster hdfs) {
        YarnConfiguration configuration = new YarnConfiguration(hdfs.getConfiguration(0));
        // The mini cluster's node has what this says, not what yarn.nodemanager.resource.memory-mb does.
        configuration.set(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, NODE_MEMORY);
        configuration.set("yarn.scheduler.minimum-allocation-mb", "256");
        configuration.set("yarn.scheduler.maximum-allocation-mb", NODE_MEMORY);
        configuration.set("yarn.nodemanager.pmem-check-enabled", "true");
        // Address space says nothing of a Java process.
        configuration.set("yarn.nodemanager.vmem-check-enabled", "false");
        configuration.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99.9");
        configuration.set("yarn.nodemanager.delete.debug-delay-sec", "600");
        // What the tests say of Java holds in containers too.
        configuration.set(
                YarnConfiguration.NM_ENV_WHITELIST, YarnConfiguration.DEFAULT_NM_ENV_WHITELIST + ",JDK_JAVA_OPTIONS");
        configuration.set("yarn.scheduler.capacity.root.queues", "default");
        configuration.set("yarn.scheduler.capacity.root.default.capacity", "100");
        configuration.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
        MiniYARNCluster yarn = new MiniYARNCluster("yarn", 1, 1, 1);
        yarn.init(configuration);
        yarn.start();
        return yarn;
    }

    private static void write(Configuration from, String keys, File directory, String name) throws IOException {
        Configuration clients = new Configuration(false);
        from.getValByRegex("^(" + keys + ")$").forEach(clients::set);
        try (OutputStream out = new FileOutputStream(new File(directory, name))) {
            clients.writeXml(out);
        }
    }
}
