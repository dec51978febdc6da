package io.sparkpeft.ml;

import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;

/** Reads what {@link ModelWriter} wrote, wherever it is now. */
final class ModelReader extends DefaultParamsReader<SparseFineTunedModel> {
    @Override
    public SparseFineTunedModel load(String path) {
        SparseFineTunedModel params = super.load(path);
        Storage saved = Storage.at(path, sparkSession().sparkContext().hadoopConfiguration());
        if (!saved.directory(RunDirectory.MODEL).exists("config.json")) {
            throw JobException.input("Cannot load %s: there is no model in it".formatted(saved.uri()));
        }
        return params.copyValues(new SparseFineTunedModel(params.uid(), saved.uri()), ParamMap.empty());
    }
}
