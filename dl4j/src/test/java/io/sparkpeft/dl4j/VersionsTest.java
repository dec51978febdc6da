package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;

/** The class path that Maven resolves holds none of the version traps between DL4J, ND4J, Scala and Spark. */
class VersionsTest {
    private static List<String> jars(String pattern) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> String.valueOf(Path.of(path).getFileName()))
                .filter(name -> name.matches(pattern))
                .sorted()
                .toList();
    }

    @Test
    void scalaIsThatOfSpark() {
        assertThat(scala.util.Properties.versionNumberString()).isEqualTo("2.12.18");
        assertThat(jars("scala-(library|reflect)-.*"))
                .containsExactly("scala-library-2.12.18.jar", "scala-reflect-2.12.18.jar");
        assertThat(SparkContext.class.getPackage().getName()).isEqualTo("org.apache.spark");
        assertThat(jars("spark-[a-z-]+_2\\.12-.*")).isNotEmpty().allMatch(name -> name.endsWith("_2.12-3.5.5.jar"));
    }

    @Test
    void nd4jIsOfOneVersionAndTheNewOpenBlasIsThere() {
        assertThat(jars("nd4j-(api|native|native-api)-1.*")).isNotEmpty().allMatch(name -> name.contains("1.0.0-M2.1"));
        assertThat(jars("openblas-.*")).isNotEmpty().allMatch(name -> name.startsWith("openblas-0.3.31-1.5.13"));
        assertThat(jars("javacpp-.*")).isNotEmpty().allMatch(name -> name.startsWith("javacpp-1.5.13"));
    }

    @Test
    void dl4jIsTheLastOneForSpark3() {
        assertThat(jars("(dl4j-spark|deeplearning4j-|nd4j-kryo).*"))
                .isNotEmpty()
                .allMatch(name -> name.endsWith("-1.0.0-M2.jar"));
        assertThat(jars("dl4j-spark.*")).containsExactly("dl4j-spark3_2.12-1.0.0-M2.jar");
    }

    @Test
    void nativesOfOnePlatformAndNoSecondKryo() {
        assertThat(jars("(datavec|ffmpeg|opencv|hdf5|leptonica|nd4j-cuda).*")).isEmpty();
        assertThat(jars("kryo-[0-9].*")).isEmpty();
        assertThat(jars("kryo-shaded.*")).hasSize(1);
        assertThat(jars(".*-(windows|macosx|android|ios|linux)-(x86|x86_64|arm64|armhf|ppc64le)\\.jar"))
                .allMatch(name -> name.contains("linux-x86_64"));
    }
}
