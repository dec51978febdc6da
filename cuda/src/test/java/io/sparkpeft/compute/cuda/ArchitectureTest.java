package io.sparkpeft.compute.cuda;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Only what cannot run without a GPU knows of CUDA's libraries. */
@AnalyzeClasses(packages = "io.sparkpeft.compute.cuda", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ONLY_THE_DRIVER_SEES_BINDINGS = noClasses()
            .that()
            .resideOutsideOfPackage("io.sparkpeft.compute.cuda.driver..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco..", "org.nd4j..");

    @ArchTest
    static final ArchRule NO_CLUSTER = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..", "io.sparkpeft.spark..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.sparkpeft.compute.cuda.(**)").should().beFreeOfCycles();
}
