package io.sparkpeft.datasets.corpus;

import java.io.Serializable;

/**
 * A file of a corpus.
 *
 * @param path full URI
 * @param length bytes
 * @param modified milliseconds since 1970
 * @param format never {@link CorpusFormat#AUTO}
 */
public record CorpusFile(String path, long length, long modified, CorpusFormat format) implements Serializable {}
