package io.sparkpeft.datasets.corpus;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.io.Patience;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds the files of a corpus. */
public final class CorpusFiles {
    private CorpusFiles() {}

    /**
     * The files behind all paths of a corpus, sorted by path, each once. Names that begin with a dot or an underscore
     * are left out of directories and globs.
     *
     * @throws DatasetException if a path leads to no file, or a file's format cannot be told
     */
    public static List<CorpusFile> list(CorpusSpec spec, Configuration configuration) {
        TreeMap<String, CorpusFile> files = new TreeMap<>();
        for (String path : spec.paths()) {
            for (FileStatus status : expand(path, configuration)) {
                String uri = status.getPath().toString();
                files.put(
                        uri,
                        new CorpusFile(
                                uri, status.getLen(), status.getModificationTime(), format(status.getPath(), spec)));
            }
        }
        List<CorpusFile> list = List.copyOf(files.values());
        requireOneFormat(list);
        return list;
    }

    private static List<FileStatus> expand(String text, Configuration configuration) {
        List<FileStatus> found = new ArrayList<>();
        try {
            Path path = new Path(text);
            FileSystem fileSystem = path.getFileSystem(configuration);
            FileStatus[] matches = Patience.with(() -> fileSystem.globStatus(path));
            boolean glob = text.matches(".*[*?\\[{].*");
            if (matches == null || matches.length == 0) {
                throw DatasetException.input(
                        "Cannot read %s: %s", text, glob ? "no file matches" : "no such file or directory");
            }
            for (FileStatus match : matches) {
                if (!glob || !isHidden(match)) {
                    addAll(fileSystem, match, found);
                }
            }
        } catch (FileNotFoundException e) {
            throw DatasetException.input("Cannot read %s: no such file or directory", text);
        } catch (IOException | IllegalArgumentException e) {
            throw DatasetException.unreadable(text, e);
        }
        if (found.isEmpty()) {
            throw DatasetException.input("Cannot read %s: there are no files in it", text);
        }
        return found;
    }

    private static void addAll(FileSystem fileSystem, FileStatus status, List<FileStatus> to) throws IOException {
        if (!status.isDirectory()) {
            to.add(status);
            return;
        }
        for (FileStatus child : Patience.with(() -> fileSystem.listStatus(status.getPath()))) {
            if (!isHidden(child)) {
                addAll(fileSystem, child, to);
            }
        }
    }

    private static boolean isHidden(FileStatus status) {
        String name = status.getPath().getName();
        return name.startsWith(".") || name.startsWith("_");
    }

    private static CorpusFormat format(Path path, CorpusSpec spec) {
        if (spec.format() != CorpusFormat.AUTO) {
            return spec.format();
        }
        return CorpusFormat.ofFile(path.getName())
                .orElseThrow(() -> DatasetException.config(
                        "Cannot tell the format of %s by its name: set the format to text, tsv, csv, jsonl or parquet,"
                                + " or name the files by a glob",
                        path));
    }

    private static void requireOneFormat(List<CorpusFile> files) {
        for (CorpusFile file : files) {
            CorpusFile first = files.get(0);
            if (file.format() != first.format()) {
                throw DatasetException.config(
                        "Cannot read one corpus in two formats: %s is %s, %s is %s",
                        first.path(),
                        first.format().word(),
                        file.path(),
                        file.format().word());
            }
        }
    }
}
