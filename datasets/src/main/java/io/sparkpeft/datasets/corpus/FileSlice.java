package io.sparkpeft.datasets.corpus;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * A range of bytes of a file. It owns the records that begin in it; how a file is sliced changes neither the records
 * nor their order.
 *
 * @param file what is read
 * @param start first byte
 * @param end one after the last byte
 */
public record FileSlice(CorpusFile file, long start, long end) implements Serializable {

    /** A file as one slice. */
    public static FileSlice whole(CorpusFile file) {
        return new FileSlice(file, 0, Long.MAX_VALUE);
    }

    /**
     * The files in order, large ones in several slices where their format allows that: a quoted line break of a CSV
     * cannot be told from another without reading all before it, and a compressed file has to be read from its start.
     *
     * @param bytes wanted length of a slice
     */
    public static List<FileSlice> cut(
            List<CorpusFile> files, CorpusSpec spec, long bytes, Configuration configuration) {
        CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
        List<FileSlice> slices = new ArrayList<>();
        for (CorpusFile file : files) {
            boolean compressed = codecs.getCodec(new Path(file.path())) != null;
            boolean wholeFile = file.format() == CorpusFormat.TEXT && spec.unit() == TextUnit.FILE;
            if (compressed || wholeFile || file.format() == CorpusFormat.CSV || file.length() <= bytes) {
                slices.add(whole(file));
                continue;
            }
            for (long start = 0; start < file.length(); start += bytes) {
                slices.add(new FileSlice(file, start, Math.min(file.length(), start + bytes)));
            }
        }
        return slices;
    }
}
