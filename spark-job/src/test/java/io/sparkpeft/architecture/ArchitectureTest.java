package io.sparkpeft.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sparkpeft.FineTuningJob;
import io.sparkpeft.datasets.corpus.CorpusFiles;
import io.sparkpeft.stage.train.TrainRounds;
import java.util.Set;
import java.util.stream.Stream;

/** Which parts of the program may know which others. */
@AnalyzeClasses(packages = "io.sparkpeft", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> SHARED_MODEL = module("shared-model");
    private static final DescribedPredicate<JavaClass> DATASETS = module("datasets");
    private static final DescribedPredicate<JavaClass> SPARK_JOB = module("spark-job");

    @ArchTest
    static final ArchRule SHARED_MODEL_KNOWS_NO_CLUSTER = noClasses()
            .that(SHARED_MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

    @ArchTest
    static final ArchRule MODULES_LOOK_DOWN_ONLY =
            noClasses().that(SHARED_MODEL).should().dependOnClassesThat(DATASETS.or(SPARK_JOB));

    @ArchTest
    static final ArchRule DATASETS_DO_NOT_KNOW_THE_JOB =
            noClasses().that(DATASETS).should().dependOnClassesThat(SPARK_JOB);

    @ArchTest
    static final ArchRule ONLY_BACKENDS_SEE_ND4J = noClasses()
            .that()
            .resideOutsideOfPackage("io.sparkpeft.compute..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.bytedeco..", "org.deeplearning4j..");

    @ArchTest
    static final ArchRule ONLY_TOKENIZERS_SEE_DJL = onlyIn("io.sparkpeft.tokenizer.huggingface..", "ai.djl..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_SEES_PICOCLI = onlyIn("io.sparkpeft.cli..", "picocli..");

    @ArchTest
    static final ArchRule ONLY_RECIPES_SEE_HOCON = onlyIn("io.sparkpeft.config..", "com.typesafe..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.sparkpeft.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_LOOKS_UP_TO_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage("io.sparkpeft.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sparkpeft.cli..");

    @ArchTest
    static final ArchRule STORE_AND_CONFIG_KNOW_NO_STAGE = noClasses()
            .that()
            .resideInAnyPackage("io.sparkpeft.store..", "io.sparkpeft.config..", "io.sparkpeft.console..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sparkpeft.stage..", "io.sparkpeft.spark..", "io.sparkpeft.command..");

    @ArchTest
    static final ArchRule MATHEMATICS_HAS_NO_CLOCK_AND_NO_HIDDEN_RANDOMNESS = noClasses()
            .that(SHARED_MODEL)
            .and()
            .resideOutsideOfPackage("io.sparkpeft.compute.profile")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Random|SplittableRandom|UUID|concurrent\\.ThreadLocalRandom)"
                    + "|java\\.security\\.SecureRandom|java\\.time\\.(Instant|Clock|LocalDateTime)")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    /** So clocks of machines may differ as they like: what is computed, and which file counts, never hangs on one. */
    @ArchTest
    static final ArchRule CLOCKS_TELL_HOW_LONG_THINGS_TOOK_AND_NOTHING_ELSE = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.sparkpeft.benchmark..",
                    "io.sparkpeft.profile..",
                    "io.sparkpeft.energy..",
                    "io.sparkpeft.compute.profile..",
                    "io.sparkpeft.dl4j..")
            .and()
            .areNotAssignableTo(FineTuningJob.class)
            .and()
            .areNotAssignableTo(TrainRounds.class)
            .and()
            // Whether a corpus is still the file that was prepared: its time is compared with itself.
            .areNotAssignableTo(CorpusFiles.class)
            .should()
            .accessTargetWhere(JavaAccess.Predicates.target(
                    DescribedPredicate.describe("reads a clock or a file's time", ArchitectureTest::tellsTime)));

    @ArchTest
    static final ArchRule METHODS_HAVE_NO_GET_PREFIX = methods()
            .that(DescribedPredicate.describe("override none of a library", ArchitectureTest::isOurOwn))
            .and()
            .areDeclaredInClassesThat()
            // Params of spark.ml have getters, by which its users look for them.
            .areNotAssignableTo("org.apache.spark.ml.param.Params")
            .should()
            .haveNameNotMatching("get[A-Z].*");

    @ArchTest
    static final ArchRule NOTHING_IS_INJECTED_INTO_FIELDS = noFields()
            .should()
            .beAnnotatedWith("javax.inject.Inject")
            .orShould()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired");

    private static boolean tellsTime(AccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        return owner.startsWith("java.time.") && (name.equals("now") || name.startsWith("system"))
                || owner.equals("java.util.Date") && name.equals("<init>")
                || owner.startsWith("java.util.") && name.equals("getInstance") && owner.endsWith("Calendar")
                || Set.of("nanoTime", "currentTimeMillis", "getModificationTime", "getAccessTime")
                        .contains(name)
                || Set.of("lastModified", "getLastModifiedTime", "lastModifiedTime")
                        .contains(name);
    }

    private static boolean isOurOwn(JavaMethod method) {
        return Stream.concat(
                        method.getOwner().getAllRawSuperclasses().stream(),
                        method.getOwner().getAllRawInterfaces().stream())
                .filter(type -> !type.getPackageName().startsWith("io.sparkpeft"))
                .flatMap(type -> type.getMethods().stream())
                .noneMatch(inherited -> inherited.getName().equals(method.getName()));
    }

    private static ArchRule onlyIn(String place, String library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(place)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static DescribedPredicate<JavaClass> module(String name) {
        return DescribedPredicate.describe(
                "in module " + name,
                type -> type.getPackageName().startsWith("io.sparkpeft")
                        && type.getSource()
                                .map(source -> source.getUri().toString().contains("/" + name + "/target/"))
                                .orElse(false));
    }
}
