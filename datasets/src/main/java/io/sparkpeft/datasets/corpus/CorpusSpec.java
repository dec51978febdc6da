package io.sparkpeft.datasets.corpus;

import io.sparkpeft.datasets.DatasetException;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;

/**
 * Where a corpus lies and how it is read.
 *
 * @param paths files, directories (read to any depth) and globs, with any scheme that Hadoop knows
 * @param format of all files, or {@link CorpusFormat#AUTO}
 * @param unit what an example of a plain text is
 * @param header whether the first line of a TSV or CSV file names the columns; without it columns are called by their
 *     number, from 0, as {@code 0} or {@code _c0}
 * @param textColumn the column of the text; a plain text has none
 * @param pairColumn the column of the second text of a pair; empty for none
 * @param labelColumn the column of the label; empty for none
 * @param minTokens texts of fewer tokens, special tokens included, are left out and counted
 * @param limit how many texts to keep at most, from the first; 0 for all
 * @param charset of texts; lines must end in the byte 10
 */
public record CorpusSpec(
        List<String> paths,
        CorpusFormat format,
        TextUnit unit,
        boolean header,
        String textColumn,
        String pairColumn,
        String labelColumn,
        int minTokens,
        long limit,
        String charset)
        implements Serializable {

    public CorpusSpec {
        paths = List.copyOf(paths);
        if (paths.isEmpty()) {
            throw DatasetException.config("Invalid corpus: it has no paths");
        }
        if (format.hasColumns() && format != CorpusFormat.AUTO && textColumn.isBlank()) {
            throw DatasetException.config("Invalid corpus %s: no column is named for the text", paths);
        }
        if (minTokens < 0 || limit < 0) {
            throw DatasetException.config(
                    "Invalid corpus %s: min tokens %d and limit %d must not be negative", paths, minTokens, limit);
        }
        requireLineFeeds(charset);
    }

    /** A corpus with a header, the text in column {@code text}, no pair, no label, no limit, in UTF-8. */
    public static CorpusSpec of(String... paths) {
        return new CorpusSpec(List.of(paths), CorpusFormat.AUTO, TextUnit.LINE, true, "text", "", "", 0, 0, "UTF-8");
    }

    public CorpusSpec withFormat(CorpusFormat value) {
        return new CorpusSpec(
                paths, value, unit, header, textColumn, pairColumn, labelColumn, minTokens, limit, charset);
    }

    public CorpusSpec withUnit(TextUnit value) {
        return new CorpusSpec(
                paths, format, value, header, textColumn, pairColumn, labelColumn, minTokens, limit, charset);
    }

    public CorpusSpec withHeader(boolean value) {
        return new CorpusSpec(
                paths, format, unit, value, textColumn, pairColumn, labelColumn, minTokens, limit, charset);
    }

    /** The columns of the text, of its pair (empty for none) and of the label (empty for none). */
    public CorpusSpec withColumns(String text, String pair, String label) {
        return new CorpusSpec(paths, format, unit, header, text, pair, label, minTokens, limit, charset);
    }

    public CorpusSpec withMinTokens(int value) {
        return new CorpusSpec(paths, format, unit, header, textColumn, pairColumn, labelColumn, value, limit, charset);
    }

    public CorpusSpec withLimit(long value) {
        return new CorpusSpec(
                paths, format, unit, header, textColumn, pairColumn, labelColumn, minTokens, value, charset);
    }

    public CorpusSpec withCharset(String value) {
        return new CorpusSpec(
                paths, format, unit, header, textColumn, pairColumn, labelColumn, minTokens, limit, value);
    }

    public boolean isLabelled() {
        return !labelColumn.isEmpty();
    }

    public boolean isPaired() {
        return !pairColumn.isEmpty();
    }

    private static void requireLineFeeds(String charset) {
        try {
            byte[] bytes = "\n\t,\"".getBytes(Charset.forName(charset));
            if (!Arrays.equals(bytes, new byte[] {'\n', '\t', ',', '"'})) {
                throw DatasetException.config(
                        "Invalid charset: %s (only charsets that contain ASCII are read; convert to UTF-8)", charset);
            }
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw DatasetException.config("Invalid charset: '%s' is not known", charset);
        }
    }
}
