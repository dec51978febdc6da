package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.sparkpeft.clusters.daemon.Directories;
import io.sparkpeft.clusters.daemon.Kubelet;
import io.sparkpeft.clusters.daemon.KubernetesApi;
import io.sparkpeft.clusters.daemon.KubernetesApi.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The job as Spark's own code for Kubernetes runs it, from the submission to the last executor, on the objects of
 * {@code submit/kubernetes}; what is not Kubernetes' own are the server that keeps the objects and the node that runs pods.
 */
class KubernetesIT {
    private static final String NAMESPACE = "spark-peft";
    private static final String TOKEN = "token-of-the-driver";
    private static final Path KUBERNETES = Submission.ROOT.resolve("submit/kubernetes");

    private static List<HasMetadata> manifest(KubernetesClient client) throws IOException {
        try (InputStream in = Files.newInputStream(KUBERNETES.resolve("spark-peft.yaml"))) {
            return client.load(in).items();
        }
    }

    @Test
    void aJobInPodsGivesTheSameBitsAndAsksForNoMoreThanItsRoleAllows() throws Exception {
        World world = World.shared();
        Path run = world.directory().resolve("run-kubernetes");
        Path recipe = World.recipe(
                "kubernetes", world.directory().toUri(), world.directory().toUri(), run.toUri());
        Path directory = Directories.create("kubernetes");
        try (KubernetesApi api = new KubernetesApi();
                NamespacedKubernetesClient client = api.client()) {
            List<HasMetadata> objects = manifest(client);
            client.resourceList(objects).create();
            try (Kubelet kubelet = new Kubelet(
                    api.client().inNamespace(NAMESPACE),
                    directory,
                    Submission.ROOT.resolve("spark-job/target/spark-kubernetes-s3a"))) {
                Submission submission = submission(api, directory);
                submission.run("finetune", recipe.toString()).requireSuccess();
                assertThat(Files.readAllBytes(run.resolve("adapter/adapter.delta")))
                        .isEqualTo(world.expectedAdapter());
                assertPods(kubelet.pods());
                assertThat(submission.run("finetune", recipe + ".none").exitCode())
                        .as("exit code of a job whose recipe is missing")
                        .isEqualTo(3);
            }
            assertAllowed(role(objects), api.accesses(TOKEN));
        }
        assertImageHasTheJarsForS3();
    }

    /** The image adds what Maven resolves for S3, in the same versions. */
    private static void assertImageHasTheJarsForS3() throws IOException {
        Path resolved = Submission.ROOT.resolve("spark-job/target/spark-s3a.txt");
        assertThat(KubernetesFilesTest.instructions("ADD").get(0))
                .filteredOn(word -> word.endsWith(".jar"))
                .extracting(url -> url.substring(url.lastIndexOf('/') + 1))
                .containsExactlyInAnyOrder(
                        Arrays.stream(Files.readString(resolved).strip().split(":"))
                                .map(jar -> Path.of(jar).getFileName().toString())
                                .toArray(String[]::new));
    }

    private static Submission submission(KubernetesApi api, Path directory) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), TOKEN);
        Path certificate = Files.writeString(directory.resolve("ca.crt"), "");
        String names = "-Djdk.net.hosts.file=" + Kubelet.hosts(directory);
        String mounted = "spark.kubernetes.authenticate.driver.mounted.";
        return Submission.to("kubernetes", "k8s://" + api.url())
                .in(Map.of(
                        "WITH",
                        "s3a",
                        "SPARK_PEFT_JAR",
                        "local://" + Submission.ROOT.resolve("spark-job/target/spark-peft.jar")))
                .with("--properties-file", "conf/kubernetes.properties")
                .with("--conf", "spark.kubernetes.container.image=registry/spark-peft:0.1.0")
                .with("--conf", "spark.executor.instances=1")
                .with("--conf", "spark.kubernetes.driver.master=" + api.url())
                .with("--conf", mounted + "oauthTokenFile=" + token, "--conf", mounted + "caCertFile=" + certificate)
                .with("--conf", "spark.driver.extraJavaOptions=" + names)
                .with("--conf", "spark.executor.extraJavaOptions=" + names);
    }

    /** A driver and an executor with the memory, threads and disks that submit.sh and conf/ ask for. */
    private static void assertPods(List<Pod> pods) {
        Map<String, Long> roles = pods.stream()
                .collect(Collectors.groupingBy(
                        pod -> pod.getMetadata().getLabels().get("spark-role"), Collectors.counting()));
        assertThat(roles).containsOnly(Map.entry("driver", 1L), Map.entry("executor", 1L));
        for (Pod pod : pods) {
            Container container = pod.getSpec().getContainers().get(0);
            assertThat(container.getImage()).isEqualTo("registry/spark-peft:0.1.0");
            // Heap 512, tensors 256, room 1024.
            assertThat(container.getResources().getLimits().get("memory")).hasToString("1792Mi");
            Map<String, String> environment = container.getEnv().stream()
                    .filter(variable -> variable.getValue() != null)
                    .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue, (one, other) -> other));
            assertThat(environment)
                    .containsEntry("OMP_NUM_THREADS", "1")
                    .containsEntry("OPENBLAS_NUM_THREADS", "1")
                    .containsEntry("SPARK_LOCAL_DIRS", "/tmp/spark");
        }
        assertThat(pods.get(0).getSpec().getServiceAccountName()).isEqualTo(NAMESPACE);
    }

    private static Role role(List<HasMetadata> objects) {
        return objects.stream()
                .filter(Role.class::isInstance)
                .map(Role.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static void assertAllowed(Role role, List<Access> accesses) {
        PolicyRule rule = role.getRules().get(0);
        assertThat(rule.getApiGroups()).containsExactly("");
        assertThat(accesses).extracting(Access::resource).contains("pods", "configmaps");
        assertThat(accesses).allSatisfy(access -> {
            assertThat(access.namespace()).isEqualTo(NAMESPACE);
            assertThat(rule.getResources()).contains(access.resource());
            assertThat(rule.getVerbs()).contains(access.verb());
        });
        System.out.printf(
                "kubernetes: the driver asked for %s, all of which its role allows; same adapter%n",
                accesses.stream()
                        .map(access -> access.verb() + " " + access.resource())
                        .distinct()
                        .sorted()
                        .toList());
    }
}
