package io.sparkpeft.clusters.daemon;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A pod of Spark as a process: its environment, arguments and volumes, and what the image's entry point makes of them. */
final class PodProcess {
    /** What entrypoint.sh of Spark's image does with a driver and with an executor; the launcher stands for spark-submit. */
    private static final String ENTRY_POINT = """
            case "$1" in
              driver)
                shift
                mapfile -d '' command < <(java -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
                  org.apache.spark.deploy.SparkSubmit --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" \
                  --deploy-mode client "$@")
                while [[ -z "${command[0]//[$'\\n\\r']/}" ]]; do command=("${command[@]:1}"); done
                command[0]="${command[0]#[$'\\n\\r']}"
                exec "${command[@]}" ;;
              executor)
                mapfile -t options < <(env | grep SPARK_JAVA_OPT_ | sort -t_ -k4 -n | sed 's/[^=]*=\\(.*\\)/\\1/g')
                exec java "${options[@]}" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \
                  -cp "${SPARK_CLASSPATH:-}:$SPARK_HOME/jars/*" \
                  org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
                  --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
                  --app-id "$SPARK_APPLICATION_ID" --hostname "$SPARK_EXECUTOR_POD_IP" \
                  --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME" ;;
            esac
            """;

    private final Process process;
    private boolean isTold;

    private PodProcess(Process process) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Whether all files are there that the pod wants; Spark makes them after the pod, which waits for them. */
    static boolean isPossible(KubernetesClient client, Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getConfigMap() != null)
                .allMatch(volume -> client.configMaps()
                                .withName(volume.getConfigMap().getName())
                                .get()
                        != null);
    }

    static PodProcess start(KubernetesClient client, Pod pod, Path directory, Path home) throws IOException {
        Files.createDirectories(directory);
        Container container = pod.getSpec().getContainers().get(0);
        Map<String, String> places = new TreeMap<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path place = Files.createDirectories(directory.resolve(mount.getName()));
            places.put(mount.getMountPath(), place.toString());
            for (Volume volume : pod.getSpec().getVolumes()) {
                if (volume.getName().equals(mount.getName()) && volume.getConfigMap() != null) {
                    fill(client, volume.getConfigMap().getName(), place);
                }
            }
        }
        List<String> command = new ArrayList<>(List.of("bash", "-c", ENTRY_POINT, "entrypoint"));
        container.getArgs().forEach(argument -> command.add(located(argument, places)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("SPARK_") || name.startsWith("OMP_"));
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), located(value(variable, pod), places));
        }
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_SCALA_VERSION", "2.12");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        return new PodProcess(builder.start());
    }

    private static void fill(KubernetesClient client, String configMap, Path place) throws IOException {
        for (Map.Entry<String, String> file :
                client.configMaps().withName(configMap).get().getData().entrySet()) {
            Files.writeString(place.resolve(file.getKey()), file.getValue());
        }
    }

    private static String value(EnvVar variable, Pod pod) {
        if (variable.getValueFrom() == null || variable.getValueFrom().getFieldRef() == null) {
            return String.valueOf(variable.getValue());
        }
        return switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
            case "status.podIP" -> "127.0.0.1";
            case "metadata.name" -> pod.getMetadata().getName();
            default -> throw new IllegalArgumentException("Invalid variable: " + variable);
        };
    }

    /** With a path in the container replaced by where it is here. */
    private static String located(String text, Map<String, String> places) {
        for (Map.Entry<String, String> place : places.entrySet()) {
            if (text.equals(place.getKey()) || text.startsWith(place.getKey() + "/")) {
                return place.getValue() + text.substring(place.getKey().length());
            }
        }
        return text;
    }

    /** Whether it has ended, the first time that this is asked since. */
    boolean hasEndedUntold() {
        boolean isNew = !process.isAlive() && !isTold;
        isTold |= isNew;
        return isNew;
    }

    int exitCode() {
        return process.exitValue();
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
