package io.sparkpeft.datasets.corpus.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.TextUnit;
import io.sparkpeft.random.CounterRandom;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a file is sliced, its records are the same, in the same order, at the same offsets. */
class SlicedReadingTest {
    private static final CorpusSpec SPEC = CorpusSpec.of("none");

    @TempDir
    Path folder;

    static Stream<Arguments> corpora() {
        return Stream.of(
                Arguments.of("lines.txt", SPEC, text(SlicedReadingTest::line)),
                Arguments.of("paragraphs.txt", SPEC.withUnit(TextUnit.PARAGRAPH), text(SlicedReadingTest::line)),
                Arguments.of("file.txt", SPEC.withUnit(TextUnit.FILE), text(SlicedReadingTest::line)),
                Arguments.of("table.tsv", SPEC.withColumns("b", "", "a"), "a\tb\r\n" + text(i -> i + "\tx" + line(i))),
                Arguments.of(
                        "bare.tsv",
                        SPEC.withHeader(false).withColumns("_c1", "", "0"),
                        "0\tfirst\n" + text(i -> i + "\tx" + line(i))),
                Arguments.of(
                        "table.csv",
                        SPEC.withColumns("b", "", "a"),
                        "a,b\n" + text(i -> i + ",\"x " + line(i) + "\n\"\"y\"\"\"")),
                Arguments.of(
                        "objects.jsonl",
                        SPEC,
                        text(i -> i % 5 == 0 ? "{broken" : "{\"text\":\"x%d é\"}".formatted(i))));
    }

    @ParameterizedTest
    @MethodSource("corpora")
    void slicesChangeNothing(String name, CorpusSpec spec, String content) {
        CorpusSpec corpus = Records.at(Records.write(folder, name, content, "UTF-8"), spec);
        List<CorpusRecord> whole = Records.read(corpus, Long.MAX_VALUE);
        assertThat(whole).isNotEmpty();
        for (long bytes : new long[] {1, 2, 3, 5, 7, 11, 17, 64, 100, 333}) {
            assertThat(Records.read(corpus, bytes))
                    .as("slices of %d bytes", bytes)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("corpora")
    void aByteOrderMarkChangesOffsetsOnly(String name, CorpusSpec spec, String content) {
        List<String> plain = contents(Records.read(folder, name, content, spec));
        List<CorpusRecord> marked = Records.read(folder, name, "\ufeff" + content, spec);
        assertThat(contents(marked)).isEqualTo(plain);
        CorpusSpec corpus = Records.at(folder.resolve(name), spec);
        assertThat(Records.read(corpus, 7)).isEqualTo(marked);
    }

    private static List<String> contents(List<CorpusRecord> records) {
        return records.stream()
                .map(record -> record instanceof CorpusRecord.Example example
                        ? example.text() + "|" + example.label()
                        : ((CorpusRecord.Malformed) record).reason())
                .toList();
    }

    /** Lines of any length with all kinds of ends, some blank, the last one without an end. */
    private static String text(Function<Integer, String> line) {
        StringBuilder text = new StringBuilder();
        String[] ends = {"\n", "\r\n", "\n\n", "\n \t\n", "\r\n\r\n\r\n", "\n", "\n"};
        for (int i = 0; i < 40; i++) {
            text.append(line.apply(i)).append(ends[(int) (CounterRandom.uniform(5, i) * ends.length)]);
        }
        return text.append(line.apply(40)).toString();
    }

    private static String line(int i) {
        return "wé" + "z".repeat((int) (CounterRandom.uniform(6, i) * 30)) + i;
    }
}
