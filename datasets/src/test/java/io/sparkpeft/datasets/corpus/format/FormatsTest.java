package io.sparkpeft.datasets.corpus.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusRecord.Example;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.TextUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each format makes of what people write into files. */
class FormatsTest {
    private static final CorpusSpec LABELLED = CorpusSpec.of("none").withColumns("text", "", "label");

    @TempDir
    Path folder;

    @Test
    void linesParagraphsAndFiles() {
        String text = "\n\nfirst line\r\nsecond line\r\n\r\n  \t\nthird \n";
        CorpusSpec spec = CorpusSpec.of("none");
        assertThat(Records.texts(Records.read(folder, "a.txt", text, spec)))
                .containsExactly("first line", "second line", "third ");
        assertThat(Records.texts(Records.read(folder, "a.txt", text, spec.withUnit(TextUnit.PARAGRAPH))))
                .containsExactly("first line\nsecond line", "third ");
        assertThat(Records.texts(Records.read(folder, "a.txt", text, spec.withUnit(TextUnit.FILE))))
                .containsExactly("first line\nsecond line\n\n  \t\nthird");
        assertThat(Records.read(folder, "a.txt", " \n\n", spec.withUnit(TextUnit.FILE)))
                .isEmpty();
        assertThat(Records.read(folder, "a.txt", "", spec.withUnit(TextUnit.PARAGRAPH)))
                .isEmpty();
    }

    @Test
    void quotesInTsvAreCharacters() {
        List<CorpusRecord> records =
                Records.read(folder, "a.tsv", "label\ttext\n1\tsay \"no\" , 'twas\n0\t\"open\n", LABELLED);
        assertThat(records)
                .containsExactly(new Example(11, "say \"no\" , 'twas", "", "1"), new Example(30, "\"open", "", "0"));
    }

    @Test
    void csvFollowsRfc4180() {
        String csv = "text,label\r\n\"a, \"\"b\"\"\r\nc\",x\r\nd \"e\" f, y \r\n\r\n\"\"\"\",z";
        assertThat(Records.read(folder, "a.csv", csv, LABELLED))
                .containsExactly(
                        new Example(12, "a, \"b\"\r\nc", "", "x"),
                        new Example(29, "d \"e\" f", "", "y"),
                        new Example(44, "\"", "", "z"));
    }

    @Test
    void aQuoteNeverClosedIsRefusedBecauseItHidesAllThatFollows() {
        assertThatThrownBy(() -> Records.read(folder, "a.csv", "text,label\na,x\n\"b,y\nc,z\n", LABELLED))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("a.csv: a quote is opened in the row at byte 15 and never closed")
                .extracting(e -> ((DatasetException) e).kind())
                .isEqualTo(DatasetException.Kind.INPUT);
    }

    @Test
    void labelsMayBeNumbersOrTruthValuesInJson() {
        String json = """
                {"text":"a","label":1}
                {"text":"b","label":2.0}
                {"label":"c","text":"c","more":[1]}
                {"text":7,"label":true}
                """;
        assertThat(Records.read(folder, "a.jsonl", json, LABELLED))
                .extracting(record -> ((Example) record).label())
                .containsExactly("1", "2", "c", "true");
    }

    @Test
    void pairsComeFromTheirColumn() {
        CorpusSpec paired = CorpusSpec.of("none").withColumns("premise", "hypothesis", "");
        assertThat(Records.read(folder, "a.tsv", "x\thypothesis\tpremise\n1\th\tp\n2\t \tq\n", paired))
                .containsExactly(
                        new Example(21, "p", "h", ""), new CorpusRecord.Malformed(27, "empty pair", "", "2\t \tq"));
    }

    @Test
    void malformedRowsSayWhy() {
        assertThat(Records.reasons(
                        Records.read(folder, "a.tsv", "label\ttext\n1\n1\t2\t3\n\t \n1\t\n \tx\n1\tok\n", LABELLED)))
                .containsExactly("wrong number of columns", "wrong number of columns", "empty text", "missing label");
        String json = """
                {"text":"a","label":null}
                {"label":1}
                {"text":"a","label":1} {}
                [1]
                {"text":{"a":1},"label":1}
                nonsense
                """;
        assertThat(Records.reasons(Records.read(folder, "a.jsonl", json, LABELLED)))
                .containsExactly(
                        "missing label",
                        "empty text",
                        "not JSON",
                        "not a JSON object",
                        "not a plain value",
                        "not JSON");
        assertThat(Records.reasons(Records.read(folder, "a.csv", "text,label\n\"a\"b,c\nd\n", LABELLED)))
                .containsExactly("text after a closing quote", "wrong number of columns");
    }

    @Test
    void otherCharsetsAreReadWhereNamedAndQuarantinedWhereNot() {
        CorpusSpec spec = CorpusSpec.of("none");
        Path latin = Records.write(folder, "latin.txt", "café\nplain\n", "ISO-8859-1");
        assertThat(Records.reasons(Records.read(Records.at(latin, spec), 100))).containsExactly("not UTF-8");
        assertThat(Records.texts(Records.read(Records.at(latin, spec.withCharset("ISO-8859-1")), 100)))
                .containsExactly("café", "plain");
        assertThatThrownBy(() -> spec.withCharset("UTF-16"))
                .hasMessage("Invalid charset: UTF-16 (only charsets that contain ASCII are read; convert to UTF-8)");
        assertThatThrownBy(() -> spec.withCharset("no such")).hasMessage("Invalid charset: 'no such' is not known");
    }

    @Test
    void utf16IsRefused() {
        Path wide = Records.write(folder, "wide.txt", "text", "UTF-16");
        assertThatThrownBy(() -> Records.read(Records.at(wide, CorpusSpec.of("none")), 100))
                .isInstanceOf(DatasetException.class)
                .hasMessageEndingWith("wide.txt: it is in UTF-16; convert it to UTF-8");
    }

    @Test
    void aHugeLineIsQuarantinedAndTheNextOneRead() {
        String huge = "x".repeat(ByteBuilder.MAX_BYTES + 1);
        List<CorpusRecord> records = Records.read(folder, "huge.txt", "a\n" + huge + "\nb\n", CorpusSpec.of("none"));
        assertThat(Records.reasons(records)).containsExactly("longer than 16 MiB");
        assertThat(((CorpusRecord.Malformed) records.get(1)).raw()).hasSize(2000);
        assertThat(((Example) records.get(2)).text()).isEqualTo("b");
    }

    @Test
    void compressedFilesAreRead() throws IOException {
        Path file = folder.resolve("a.tsv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("label\ttext\n1\thello\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Records.texts(Records.read(Records.at(file, LABELLED), 3))).containsExactly("hello");
    }

    @Test
    void aMissingColumnIsNamedWithThoseThereAre() {
        assertThatThrownBy(() -> Records.read(folder, "a.tsv", "label\tsentence\n1\tx\n", LABELLED))
                .isInstanceOf(DatasetException.class)
                .hasMessageMatching(
                        "Cannot find column 'text' in file:.*/a.tsv: its columns are \\[label, sentence\\]");
        assertThatThrownBy(() -> Records.read(folder, "a.csv", "x,y\n1,2\n", LABELLED.withHeader(false)))
                .hasMessageContaining("its columns are [0, 1]");
        assertThat(Records.read(folder, "empty.csv", "", LABELLED)).isEmpty();
        assertThat(Records.read(folder, "empty.tsv", "", LABELLED)).isEmpty();
    }
}
