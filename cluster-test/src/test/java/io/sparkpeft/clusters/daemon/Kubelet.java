package io.sparkpeft.clusters.daemon;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the pods of a namespace as processes of this machine, each at 127.0.0.1, and tells the API how they do: what a
 * node does for an image of Spark, less the image, limits of memory, and networks. Names of services are in
 * {@link #hosts}.
 */
public final class Kubelet implements AutoCloseable {
    private final KubernetesClient client;
    private final Path directory;
    private final Path home;
    private final Map<String, PodProcess> running = new HashMap<>();
    private final List<Pod> pods = new ArrayList<>();
    private final Thread loop = new Thread(this::run, "kubelet");
    private volatile boolean isClosed;

    /**
     * @param client in the namespace of the pods
     * @param directory for what the pods write
     * @param home Spark's, as the image would have it
     */
    public Kubelet(KubernetesClient client, Path directory, Path home) {
        this.client = client;
        this.directory = directory;
        this.home = home;
        loop.setDaemon(true);
        loop.start();
    }

    /** The file that stands for the cluster's DNS, for {@code -Djdk.net.hosts.file}. */
    public static Path hosts(Path directory) {
        return directory.resolve("hosts");
    }

    /** All pods that it ever started, as they were specified. */
    public List<Pod> pods() {
        synchronized (pods) {
            return List.copyOf(pods);
        }
    }

    private void run() {
        while (!isClosed) {
            try {
                writeHosts();
                for (Pod pod : client.pods().list().getItems()) {
                    String name = pod.getMetadata().getName();
                    if (!running.containsKey(name) && PodProcess.isPossible(client, pod)) {
                        start(name, pod);
                    }
                }
                running.forEach(this::look);
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (Exception e) {
                if (!isClosed) {
                    e.printStackTrace();
                }
            }
        }
        running.values().forEach(PodProcess::kill);
    }

    private void start(String name, Pod pod) throws IOException {
        synchronized (pods) {
            pods.add(pod);
        }
        running.put(name, PodProcess.start(client, pod, directory.resolve(name), home));
        tell(name, "Running", -1);
    }

    private void look(String name, PodProcess process) {
        if (client.pods().withName(name).get() == null) {
            process.kill();
        } else if (process.hasEndedUntold()) {
            tell(name, process.exitCode() == 0 ? "Succeeded" : "Failed", process.exitCode());
        }
    }

    private void tell(String name, String phase, int exitCode) {
        ContainerStatusBuilder container = new ContainerStatusBuilder().withName("spark");
        if (phase.equals("Running")) {
            container.withNewState().withNewRunning().endRunning().endState();
        } else {
            container
                    .withNewState()
                    .withNewTerminated()
                    .withExitCode(exitCode)
                    .endTerminated()
                    .endState();
        }
        client.pods().withName(name).editStatus(pod -> new PodBuilder(pod)
                .withNewStatus()
                .withPhase(phase)
                .withPodIP("127.0.0.1")
                .withContainerStatuses(container.build())
                .endStatus()
                .build());
    }

    private void writeHosts() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "127.0.0.1 localhost", "127.0.0.1 " + InetAddress.getLocalHost().getHostName()));
        client.services()
                .list()
                .getItems()
                .forEach(service -> lines.add("127.0.0.1 %s.%s.svc"
                        .formatted(
                                service.getMetadata().getName(),
                                service.getMetadata().getNamespace())));
        Files.write(hosts(directory), lines);
    }

    @Override
    public void close() throws InterruptedException {
        isClosed = true;
        loop.join();
    }
}
