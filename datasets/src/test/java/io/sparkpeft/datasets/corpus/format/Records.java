package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusFiles;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Reads corpora without Spark. */
final class Records {
    private Records() {}

    /** All records of a corpus that is read in slices of so many bytes. */
    static List<CorpusRecord> read(CorpusSpec spec, long sliceBytes) {
        Configuration configuration = new Configuration();
        List<CorpusFile> files = CorpusFiles.list(spec, configuration);
        List<CorpusRecord> records = new ArrayList<>();
        for (FileSlice slice : FileSlice.cut(files, spec, sliceBytes, configuration)) {
            try (RecordReader reader = CorpusReader.open(slice, spec, configuration)) {
                for (Optional<CorpusRecord> r = reader.next(); r.isPresent(); r = reader.next()) {
                    records.add(r.get());
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return records;
    }

    /** The same of a file with the given content. */
    static List<CorpusRecord> read(Path folder, String name, String content, CorpusSpec spec) {
        return read(at(write(folder, name, content, "UTF-8"), spec), Long.MAX_VALUE);
    }

    /** The texts of all examples, which all records must be. */
    static List<String> texts(List<CorpusRecord> records) {
        return records.stream()
                .map(record -> ((CorpusRecord.Example) record).text())
                .toList();
    }

    /** The reasons of all malformed records. */
    static List<String> reasons(List<CorpusRecord> records) {
        return records.stream()
                .filter(CorpusRecord.Malformed.class::isInstance)
                .map(record -> ((CorpusRecord.Malformed) record).reason())
                .toList();
    }

    static Path write(Path folder, String name, String content, String charset) {
        try {
            return Files.write(folder.resolve(name), content.getBytes(Charset.forName(charset)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The specification with another path. */
    static CorpusSpec at(Path path, CorpusSpec spec) {
        return new CorpusSpec(
                List.of(path.toUri().toString()),
                spec.format(),
                spec.unit(),
                spec.header(),
                spec.textColumn(),
                spec.pairColumn(),
                spec.labelColumn(),
                spec.minTokens(),
                spec.limit(),
                spec.charset());
    }
}
