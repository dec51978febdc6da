package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of {@code submit/FAULTS.md} names tests that exist, and every test of faults stands in a row. */
class FaultsTableTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))`");

    /** The last cell of every row but the head's two. */
    private static List<String> lastCells() throws IOException {
        return Files.readAllLines(ROOT.resolve("submit/FAULTS.md")).stream()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> line.split(" \\| ", -1))
                .map(cells -> cells[cells.length - 1])
                .toList();
    }

    private static Set<String> testsIn(String cell) {
        return TEST.matcher(cell).results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names of the test classes of all modules. */
    private static Set<String> classes(Pattern file) throws IOException {
        Set<String> found = new TreeSet<>();
        for (String module : List.of("shared-model", "datasets", "spark-job", "cluster-test", "dl4j")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.map(path -> path.toString().replace('\\', '/'))
                        .map(file::matcher)
                        .filter(Matcher::find)
                        .forEach(matcher -> found.add(matcher.group(1)));
            }
        }
        return found;
    }

    @Test
    void everyRowNamesTestsThatExist() throws IOException {
        Set<String> all = classes(Pattern.compile("/(\\w+(?:IT|Test))\\.java$"));
        assertThat(lastCells())
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        cell -> assertThat(testsIn(cell)).as(cell).isNotEmpty().isSubsetOf(all));
    }

    @Test
    void everyTestOfFaultsStandsInARow() throws IOException {
        Set<String> named =
                lastCells().stream().flatMap(cell -> testsIn(cell).stream()).collect(Collectors.toSet());
        assertThat(named).containsAll(classes(Pattern.compile("/fault/(\\w+IT)\\.java$")));
        assertThat(named).containsAll(classes(Pattern.compile("/(\\w+FaultIT)\\.java$")));
    }
}
