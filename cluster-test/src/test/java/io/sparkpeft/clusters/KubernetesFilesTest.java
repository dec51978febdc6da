package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of {@code submit/kubernetes} as far as they can be judged without a cluster and without Docker. */
class KubernetesFilesTest {
    private static final Path FOLDER = Submission.ROOT.resolve("submit/kubernetes");
    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(Namespace.class, ServiceAccount.class, Role.class, RoleBinding.class);

    /** Reads what Kubernetes' types know and refuses any other key. */
    private static ObjectMapper strict() {
        ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
        mapper.setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
            private static final long serialVersionUID = 1;

            @Override
            public Boolean hasAnySetter(Annotated annotated) {
                return false;
            }
        });
        return mapper;
    }

    @Test
    void theManifestHasNoKeyThatTheApiDoesNotKnow() throws IOException {
        String[] documents = Files.readString(FOLDER.resolve("spark-peft.yaml")).split("(?m)^---$");
        List<HasMetadata> objects = new ArrayList<>();
        for (int d = 0; d < documents.length; d++) {
            objects.add(strict().readValue(documents[d], KINDS.get(d)));
        }
        assertThat(objects)
                .extracting(HasMetadata::getKind)
                .containsExactly("Namespace", "ServiceAccount", "Role", "RoleBinding");
        Role role = (Role) objects.get(2);
        RoleBinding binding = (RoleBinding) objects.get(3);
        assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
        assertThat(binding.getSubjects().get(0).getName())
                .isEqualTo(objects.get(1).getMetadata().getName());
        assertThatThrownBy(() -> strict().readValue(documents[2].replace("verbs", "verb"), Role.class))
                .isInstanceOf(UnrecognizedPropertyException.class);
    }

    @Test
    void whatTheImageCopiesIsThereAndNotIgnored() throws IOException {
        List<String> ignored = Files.readAllLines(Submission.ROOT.resolve(".dockerignore"));
        assertThat(ignored).contains("*");
        List<String> sources = instructions("COPY").stream()
                .flatMap(words -> words.subList(0, words.size() - 1).stream())
                .toList();
        assertThat(sources).isNotEmpty().allSatisfy(source -> {
            List<Path> files = glob(source);
            assertThat(files).as(source).isNotEmpty();
            assertThat(files).allSatisfy(file -> assertThat(ignored)
                    .anySatisfy(line -> assertThat(lets(line, file)).isTrue()));
        });
    }

    @Test
    void theImageHasTheVersionsOfTheBuild() throws IOException {
        String pom = Files.readString(Submission.ROOT.resolve("pom.xml"));
        String spark = property(pom, "spark.version");
        assertThat(instructions("FROM")).containsExactly(List.of("apache/spark:" + spark + "-scala2.12-java17-ubuntu"));
        assertThat(String.join(" ", instructions("ADD").get(0)))
                .contains("/hadoop-aws-" + property(pom, "hadoop.version") + ".jar")
                .contains("/spark-hadoop-cloud_2.12-" + spark + ".jar");
    }

    /** The words of each instruction of that name, less its options. */
    static List<List<String>> instructions(String name) throws IOException {
        String text = Files.readString(FOLDER.resolve("Dockerfile")).replace("\\\n", " ");
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Arrays.stream(line.split("\\s+"))
                        .skip(1)
                        .filter(word -> !word.startsWith("--"))
                        .toList())
                .toList();
    }

    private static String property(String pom, String name) {
        Matcher found = Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<").matcher(pom);
        assertThat(found.find()).as(name).isTrue();
        return found.group(1);
    }

    private static List<Path> glob(String source) throws IOException {
        Path folder = Submission.ROOT.resolve(source).getParent();
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + Submission.ROOT.resolve(source));
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(matcher::matches).toList();
        }
    }

    /** Whether a line of .dockerignore lets a file through, by itself or with its folder. */
    private static boolean lets(String line, Path file) {
        Path path = Submission.ROOT.relativize(file);
        return line.equals("!" + path) || line.equals("!" + path.getParent());
    }
}
