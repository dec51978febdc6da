package io.sparkpeft.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.build.ProgramBuild;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors are given a function as Java's serialisation writes it; another program, under the same version, refuses it. */
class SameBuildTest {
    @TempDir
    Path temporary;

    private static final class Doubled implements Function<Integer, Integer> {
        private static final long serialVersionUID = 1;

        @Override
        public Integer call(Integer number) {
            return 2 * number;
        }
    }

    /** Opens objects with the classes of one loader, as an executor does with those of its jar. */
    private static final class Executor extends ObjectInputStream {
        private final ClassLoader classes;

        Executor(InputStream in, ClassLoader classes) throws IOException {
            super(in);
            this.classes = classes;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass wanted) throws ClassNotFoundException {
            return Class.forName(wanted.getName(), false, classes);
        }
    }

    private static byte[] sent() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new SameBuild<>(new Doubled()));
        }
        return bytes.toByteArray();
    }

    private static Object open(byte[] bytes, ClassLoader classes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new Executor(new ByteArrayInputStream(bytes), classes)) {
            return in.readObject();
        }
    }

    /** This process's class path with a copy of the program's own classes, one of which may be a byte longer. */
    private ClassLoader copy(boolean isChanged) throws Exception {
        Path program = temporary.resolve(isChanged ? "changed" : "same");
        Path classes = Path.of(ProgramBuild.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        FileUtils.copyDirectory(classes.toFile(), program.toFile());
        if (isChanged) {
            Path file = program.resolve("io/sparkpeft/spark/SlicedSum.class");
            Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
        }
        List<URL> path = new ArrayList<>(List.of(program.toUri().toURL()));
        for (String entry : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator)) {
            URI place = new File(entry).toURI();
            if (!place.equals(classes.toUri())) {
                path.add(place.toURL());
            }
        }
        return new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @Test
    void theSameProgramOpensIt() throws Exception {
        assertThat(open(sent(), SameBuildTest.class.getClassLoader())).isInstanceOf(SameBuild.class);
        assertThat(open(sent(), copy(false)).getClass().getName()).isEqualTo(SameBuild.class.getName());
    }

    @Test
    void anotherProgramOfTheSameVersionRefuses() throws Exception {
        byte[] sent = sent();
        ClassLoader other = copy(true);
        assertThatThrownBy(() -> open(sent, other))
                .hasMessageMatching(
                        "(?s).*Cannot work on executor unknown: it runs Spark PEFT %1$s \\(build [0-9a-f]{12}\\), the driver runs %1$s \\(build [0-9a-f]{12}\\); give both the same jar.*"
                                .formatted(ProgramBuild.own().version()))
                .hasMessageContaining("the driver runs " + ProgramBuild.own());
    }
}
