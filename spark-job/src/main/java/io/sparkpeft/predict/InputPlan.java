package io.sparkpeft.predict;

import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What executors need to know to read the texts that are to be scored.
 *
 * @param corpus how files are read
 * @param slices of all files, in order
 * @param tokenizer of the model
 * @param maxLength most tokens that the model reads
 * @param longText what becomes of longer texts
 */
record InputPlan(
        CorpusSpec corpus,
        List<FileSlice> slices,
        TokenizerFiles tokenizer,
        int maxLength,
        LongText longText,
        SerializableConfiguration hadoop)
        implements Serializable {

    Configuration configuration() {
        return hadoop.value();
    }
}
